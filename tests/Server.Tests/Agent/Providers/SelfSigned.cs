using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Jarvis.Server.Tests.Agent.Providers;

/// <summary>Somebody on loopback with a certificate that nobody vouches for.</summary>
internal sealed class SelfSigned : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private SelfSigned()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2090, 1, 1, 0, 0, 0, TimeSpan.Zero));
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, l => l.UseHttps(certificate)));
        _app = builder.Build();
        _app.Run(_ =>
        {
            Interlocked.Increment(ref _requests);
            return Task.CompletedTask;
        });
    }

    public int Requests => _requests;

    public Uri Address => new(_app.Urls.Single());

    public static async Task<SelfSigned> StartAsync()
    {
        var one = new SelfSigned();
        await one._app.StartAsync(TestContext.Current.CancellationToken);
        return one;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

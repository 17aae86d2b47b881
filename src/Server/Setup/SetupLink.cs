using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Jarvis.Server.Auth;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Jarvis.Server.Setup;

/// <summary>The one-time link by which the first administrator is made: printed at each start while there is no account,
/// held in memory alone.</summary>
public sealed partial class SetupLink(
    AuthStore accounts, AdminPassword admin, OperatorConsole console, IServer server, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<SetupLink> log)
    : BackgroundService
{
    private const int Size = 32;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private volatile byte[]? _token;

    /// <summary>Why the database cannot be used; null when it can.</summary>
    public string? Trouble => accounts.Trouble;

    /// <summary>Whether the first account can be made now, and only by the link.</summary>
    public async Task<bool> IsNeededAsync(CancellationToken cancellationToken)
    {
        try
        {
            return admin.File is null && accounts.Trouble is null && !await accounts.HasAccountsAsync(cancellationToken);
        }
        catch (DbException)
        {
            return false;
        }
    }

    public bool Fits(string token) =>
        _token is { } own && CryptographicOperations.FixedTimeEquals(SHA256.HashData(own), SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>The link is used up.</summary>
    public void Forget() => _token = null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (admin.File is not null) return;
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Pause, time);
        while (!await TryPrintAsync(stoppingToken)) await timer.WaitForNextTickAsync(stoppingToken);
    }

    // False while it cannot be known whether there is an account.
    private async Task<bool> TryPrintAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (accounts.Trouble is not null) return false;
            if (!await accounts.HasAccountsAsync(cancellationToken)) Print();
            return true;
        }
        catch (DbException)
        {
            return false;
        }
    }

    private void Print()
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Size));
        _token = Encoding.ASCII.GetBytes(token);
        LogPrinted();
        console.Say($"""

            Jarvis has no account yet. Open this link to make the administrator's and to set up the rest;
            it works once, and a new one is printed at each start:

                {Address()}/setup#{token}

            """);
    }

    private string Address() =>
        AsOpened(server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost", Environment.MachineName);

    /// <summary>An address to listen on as a browser can open it; behind a proxy only the path and what follows hold.</summary>
    internal static string AsOpened(string listening, string machine)
    {
        var address = BindingAddress.Parse(listening);
        var host = address.Host is "0.0.0.0" or "[::]" or "*" or "+" ? machine.ToLowerInvariant() : address.Host;
        return new UriBuilder(address.Scheme, host, address.Port).Uri.GetLeftPart(UriPartial.Authority);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "There is no account yet; the console shows the link to make one")]
    private partial void LogPrinted();
}

using System.Net;
using System.Net.Security;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Hosting;

/// <summary>Loopback speaks HTTP; beyond it there is TLS, or a proxy that is known.</summary>
internal static class Listening
{
    private static readonly TimeSpan FirstByte = TimeSpan.FromSeconds(10);
    private static readonly byte[] SpeaksTls = Encoding.ASCII.GetBytes("""
        HTTP/1.1 400 Bad Request
        Connection: close
        Content-Type: text/plain; charset=utf-8
        Content-Security-Policy: default-src 'none'
        X-Content-Type-Options: nosniff
        Content-Length: 56

        This port speaks HTTPS. Put https:// before the address.
        """.ReplaceLineEndings("\r\n"));

    public static WebApplicationBuilder AddListening(this WebApplicationBuilder builder)
    {
        var server = builder.Configuration.GetSection("Server").Get<ServerOptions>() ?? new();
        var tls = builder.Configuration.GetSection("Tls").Get<TlsOptions>() ?? new();
        var secure = SpeaksTlsItself(server, tls);
        if (secure)
        {
            var folder = Path.Combine(Path.GetFullPath(builder.Configuration["Data:Folder"] ?? "data"), "tls");
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.Services.AddSingleton(s => new ServerCertificate(tls, server.AllowedHosts, folder, s.GetRequiredService<ILogger<ServerCertificate>>()));
            builder.Services.AddHostedService(s => s.GetRequiredService<ServerCertificate>());
        }

        if (server.BehindProxy) builder.Services.Configure<ForwardedHeadersOptions>(o => Trust(o, server));
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, null).UseSetting(WebHostDefaults.HttpPortsKey, null).UseSetting(WebHostDefaults.HttpsPortsKey, null);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = server.MaxBodyBytes;
            kestrel.Listen(server.Listen ?? throw new InvalidOperationException("Server:Address must be an IP address."), server.Port, listen =>
            {
                if (secure) Secure(listen, kestrel.ApplicationServices.GetRequiredService<ServerCertificate>());
            });
        });
        return builder;
    }

    public static bool SpeaksTlsItself(ServerOptions server, TlsOptions tls) => tls.Given || (!server.IsLoopback && !server.BehindProxy);

    /// <summary>Behind a proxy: takes its word for who asks, and nobody else's. This machine may ask without one, for its own health.</summary>
    public static WebApplication UseKnownProxies(this WebApplication app)
    {
        var server = app.Services.GetRequiredService<IOptions<ServerOptions>>().Value;
        if (!server.BehindProxy) return app;
        var known = server.Networks.ToArray();
        app.Use((context, next) =>
        {
            var from = context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;
            if (from is null || Array.Exists(known, n => n.Contains(from)) || (IPAddress.IsLoopback(from) && !IsForwarded(context.Request))) return next(context);
            return Problems.WriteAsync(context, StatusCodes.Status403Forbidden, "PROXY_UNKNOWN",
                $"This server answers its reverse proxy alone, and {from} is not in Server:KnownNetworks. Open the proxy's address instead.");
        });
        app.UseForwardedHeaders();
        return app;
    }

    /// <summary>Whether a proxy sent it, before or after its word was taken.</summary>
    public static bool IsForwarded(HttpRequest request) =>
        request.Headers.ContainsKey("X-Forwarded-For") || request.Headers.ContainsKey("Forwarded") || request.Headers.ContainsKey("X-Original-For");

    // One step only: a client inside a known network could else put any address before its own.
    private static void Trust(ForwardedHeadersOptions options, ServerOptions server)
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        options.ForwardLimit = 1;
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in server.Networks) options.KnownIPNetworks.Add(network);
    }

    private static void Secure(ListenOptions listen, ServerCertificate certificate)
    {
        listen.Use(next => connection => TellPlainHttpAsync(connection, next));
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Current,
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            }),
        });
    }

    /// <summary>A TLS handshake begins with a byte that no word of HTTP does.</summary>
    private static async Task TellPlainHttpAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        using var limit = new CancellationTokenSource(FirstByte, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, connection.ConnectionClosed);
        var input = connection.Transport.Input;
        try
        {
            var read = await input.ReadAsync(either.Token);
            var speaksHttp = !read.Buffer.IsEmpty && char.IsAsciiLetterUpper((char)read.Buffer.FirstSpan[0]);
            if (!speaksHttp)
            {
                input.AdvanceTo(read.Buffer.Start);
            }
            else
            {
                input.AdvanceTo(read.Buffer.End);
                await connection.Transport.Output.WriteAsync(SpeaksTls, either.Token);
                return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return;
        }

        await next(connection);
    }
}

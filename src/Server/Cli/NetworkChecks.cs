using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jarvis.Server.Hosting;
using Jarvis.Server.Persistence;

namespace Jarvis.Server.Cli;

/// <summary>What the server listens with.</summary>
internal static class NetworkChecks
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);
    private static readonly TimeSpan AuthoritySoon = TimeSpan.FromDays(90);

    public static IEnumerable<Finding> Listening(IConfiguration configuration, DataFolder data, bool running)
    {
        var server = configuration.GetSection("Server").Get<ServerOptions>() ?? new();
        var tls = configuration.GetSection("Tls").Get<TlsOptions>() ?? new();
        yield return Port(server, running);
        if (tls.Given) yield return Certificate(tls.CertificateFile, "renew it; the server takes up the new files by itself", Soon);
        if (File.Exists(data.File("tls/ca.pem")))
            yield return Certificate(data.File("tls/ca.pem"), $"stop the server, remove {data.File("tls")}, start it, and install the new ca.pem where the old one was", AuthoritySoon);
        if (File.Exists(data.File("tls/server.pem"))) yield return Certificate(data.File("tls/server.pem"), "start the server; it renews its own certificate 30 days before the end", Soon);
    }

    private static Finding Port(ServerOptions server, bool running)
    {
        var name = $"Port: {server.Address}:{server.Port}";
        if (server.Port == 0) return new(Grade.Ok, "Port: any that is free");
        try
        {
            using var listener = new TcpListener(server.Listen ?? IPAddress.Loopback, server.Port);
            listener.Start();
            return running ? new(Grade.Warn, $"{name} is free, yet a server is using this data folder", "it listens elsewhere; run the doctor with the settings of that server") : new(Grade.Ok, $"{name} is free");
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return running ? new(Grade.Ok, $"{name} is held, and a server is using this data folder")
                : new(Grade.Fail, $"{name} is held by another program", "stop it (ss -ltnp says which it is), or choose another with Server:Port");
        }
        catch (SocketException e)
        {
            return new(Grade.Fail, $"{name} cannot be listened on: {e.Message}", "set Server:Address to an address of this machine (ip address), and Server:Port above 1023");
        }
    }

    private static Finding Certificate(string file, string cure, TimeSpan soon)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(file);
            var end = certificate.NotAfter.ToUniversalTime();
            var left = end - TimeProvider.System.GetUtcNow();
            var text = $"Certificate {file}: good until {end:u}";
            return left > soon ? new(Grade.Ok, text) : left > TimeSpan.Zero ? new(Grade.Warn, text, cure) : new(Grade.Fail, $"Certificate {file}: ended {end:u}", cure);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return new(Grade.Fail, $"Certificate {file}: {e.Message}", cure);
        }
    }
}

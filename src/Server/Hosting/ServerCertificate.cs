using System.Net.Security;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Hosting;

/// <summary>The certificate that new connections are answered with; follows its files, and renews those of the own authority.</summary>
internal sealed partial class ServerCertificate : BackgroundService
{
    private static readonly TimeSpan FilesPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OwnPause = TimeSpan.FromMinutes(10);
    private readonly TlsOptions _tls;
    private readonly OwnAuthority? _own;
    private readonly IReadOnlyList<string> _names;
    private readonly ILogger<ServerCertificate> _log;
    private volatile Served _served;
    private string? _trouble;

    /// <exception cref="OptionsValidationException">There is no certificate to begin with.</exception>
    public ServerCertificate(TlsOptions tls, IReadOnlyList<string> allowedHosts, string folder, ILogger<ServerCertificate> log)
    {
        (_tls, _log) = (tls, log);
        // Not the clock of the demo: others judge a certificate by theirs.
        if (!tls.Given) _own = new(folder, TimeProvider.System);
        _names = [.. tls.Names, .. allowedHosts.Where(h => Uri.CheckHostName(h) != UriHostNameType.Unknown)];
        try
        {
            _served = Load();
        }
        catch (Exception e) when (IsWorld(e))
        {
            throw new OptionsValidationException("Tls", typeof(TlsOptions),
                [$"Tls: there is no certificate to listen with beyond loopback: {e.Message} Mend it, give Tls:CertificateFile and Tls:KeyFile, or set Server:Address to 127.0.0.1."]);
        }
    }

    public SslStreamCertificateContext Current => _served.Context;

    /// <summary>Takes up what changed on disk; what cannot be used changes nothing, and is logged once.</summary>
    public void Refresh()
    {
        try
        {
            if (_tls.Given && Stamp() == _served.Stamp) return;
            var next = Load();
            _trouble = null;
            if (next.Pair.Leaf.Thumbprint == _served.Pair.Leaf.Thumbprint)
            {
                next.Pair.Dispose();
                return;
            }

            // The one before is left to the collector: connections may still shake hands with it.
            _served = next;
            var end = next.Pair.Leaf.NotAfter.ToUniversalTime();
            LogReplaced(end);
        }
        catch (Exception e) when (IsWorld(e))
        {
            if (_trouble != e.Message) LogKept(e.Message);
            _trouble = e.Message;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_own is not null)
        {
            var fingerprint = _served.Pair.AuthorityFingerprint;
            LogAuthority(_own.File, fingerprint);
        }

        using var timer = new PeriodicTimer(_own is null ? FilesPause : OwnPause, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stoppingToken)) Refresh();
    }

    private static bool IsWorld(Exception e) => e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private Served Load()
    {
        var stamp = Stamp();
        var pair = _own is null
            ? CertificatePair.Read(_tls.CertificateFile, _tls.KeyFile)
            : _own.Certificate(["localhost", "127.0.0.1", "::1", .. OwnNames.Hosts(), .. OwnNames.Addresses(), .. _names]);
        return new(pair, pair.ToContext(), stamp);
    }

    // Links are followed, because a tool that renews replaces the link's target.
    private (DateTime, DateTime) Stamp() => _tls.Given ? (Changed(_tls.CertificateFile), Changed(_tls.KeyFile)) : default;

    private static DateTime Changed(string file) => File.GetLastWriteTimeUtc(File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file);

    private sealed record Served(CertificatePair Pair, SslStreamCertificateContext Context, (DateTime, DateTime) Stamp);

    [LoggerMessage(Level = LogLevel.Information, Message = "Certificates are made by this server's own authority; install {File} where it is to be trusted (SHA-256 {Fingerprint})")]
    private partial void LogAuthority(string file, string fingerprint);

    [LoggerMessage(Level = LogLevel.Information, Message = "New connections get another certificate, good until {End:u}")]
    private partial void LogReplaced(DateTime end);

    [LoggerMessage(Level = LogLevel.Error, Message = "The certificate could not be read again, and the one before stays in use: {Why}")]
    private partial void LogKept(string why);
}

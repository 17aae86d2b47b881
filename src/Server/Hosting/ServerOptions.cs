using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Jarvis.Server.Hosting;

/// <summary>Where the server listens and whom it answers.</summary>
public sealed class ServerOptions : IValidatableObject
{
    /// <summary>Address to listen on: a loopback address speaks HTTP, any other (<c>0.0.0.0</c> and <c>::</c> are all) TLS, or HTTP to the proxies of <c>Server:KnownNetworks</c>.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port to listen on; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 5080;

    /// <summary>Whether a reverse proxy stands before it, which ends TLS and says by <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> who asks for what.</summary>
    public bool BehindProxy { get; set; }

    /// <summary>Networks that the proxies ask from, as <c>10.0.0.5/32</c>; goes with <c>Server:BehindProxy</c>, and nobody else is answered.</summary>
    public List<string> KnownNetworks { get; set; } = [];

    /// <summary>Host names that a request may address, without port, beside the machine's own; anything else is refused, which stops DNS rebinding.</summary>
    public List<string> AllowedHosts { get; set; } = [];

    /// <summary>Origins besides the server's own from which a browser may call, as <c>http://localhost:5173</c>.</summary>
    public List<Uri> AllowedOrigins { get; set; } = [];

    /// <summary>Largest request body in bytes.</summary>
    [Range(1024, 1_073_741_824)]
    public long MaxBodyBytes { get; set; } = 1_048_576;

    internal IPAddress? Listen => Parse(Address);

    internal bool IsLoopback => Listen is { } address && IPAddress.IsLoopback(address);

    internal IEnumerable<IPNetwork> Networks => KnownNetworks.Select(IPNetwork.Parse);

    /// <summary>The address that a text says; null for none. A short form is none, as 1 for 0.0.0.1, nor is one in brackets,
    /// whose port would be lost.</summary>
    internal static IPAddress? Parse(string text) => text == "localhost" ? IPAddress.Loopback
        : (text.Count(c => c == '.') == 3 || text.Contains(':', StringComparison.Ordinal)) && !text.StartsWith('[') && IPAddress.TryParse(text, out var address) ? address : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Listen is null)
        {
            yield return new($"'{Address}' is refused: it takes an IP address or localhost; 127.0.0.1 and ::1 are this machine alone, 0.0.0.0 and :: everywhere.",
                [nameof(Address)]);
        }

        if (BehindProxy && KnownNetworks.Count == 0)
            yield return new("Server:BehindProxy needs the networks that the proxy asks from, as 10.0.0.5/32 or 127.0.0.0/8.", [nameof(KnownNetworks)]);
        if (!BehindProxy && KnownNetworks.Count > 0)
            yield return new("it goes with Server:BehindProxy=true only; without a proxy leave it out.", [nameof(KnownNetworks)]);
        foreach (var network in KnownNetworks)
        {
            if (!IPNetwork.TryParse(network, out var parsed)) yield return new($"'{network}' is refused: it takes a network as 10.0.0.5/32 or fd00::/64.", [nameof(KnownNetworks)]);
            else if (parsed.PrefixLength == 0) yield return new($"'{network}' is refused: it is everybody, and anybody could then say who he is.", [nameof(KnownNetworks)]);
        }

        foreach (var origin in AllowedOrigins.Where(o => o.Scheme is not ("http" or "https") || o.PathAndQuery != "/"))
            yield return new($"'{origin}' is refused: it takes scheme, host and port alone, as http://localhost:5173.", [nameof(AllowedOrigins)]);
    }
}

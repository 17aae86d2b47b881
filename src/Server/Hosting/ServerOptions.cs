using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Jarvis.Server.Hosting;

/// <summary>Where the server listens and whom it answers.</summary>
public sealed class ServerOptions : IValidatableObject
{
    /// <summary>Address to listen on; this version listens on the loopback interface alone.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port to listen on; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 5080;

    /// <summary>Host names that a request may address, without port; anything else is refused, which stops DNS rebinding.</summary>
    public List<string> AllowedHosts { get; set; } = [];

    /// <summary>Origins besides the server's own from which a browser may call, as <c>http://localhost:5173</c>.</summary>
    public List<Uri> AllowedOrigins { get; set; } = [];

    /// <summary>Largest request body in bytes.</summary>
    [Range(1024, 1_073_741_824)]
    public long MaxBodyBytes { get; set; } = 1_048_576;

    internal IPAddress? Loopback => Address == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(Address, out var address) && IPAddress.IsLoopback(address) ? address : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Loopback is null)
        {
            yield return new($"'{Address}' is refused: this version listens on loopback alone (127.0.0.1, ::1 or localhost). "
                + "To reach it from elsewhere, use an SSH tunnel.", [nameof(Address)]);
        }

        foreach (var origin in AllowedOrigins.Where(o => o.Scheme is not ("http" or "https") || o.PathAndQuery != "/"))
            yield return new($"'{origin}' is refused: it takes scheme, host and port alone, as http://localhost:5173.", [nameof(AllowedOrigins)]);
    }
}

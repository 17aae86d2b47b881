using System.Text.RegularExpressions;

namespace Jarvis.Proxmox;

public enum ProxmoxFailure
{
    /// <summary>No endpoint could be reached, or the node behind it could not (595 to 599).</summary>
    Unreachable,
    Timeout,

    /// <summary>The certificate was refused; see <see cref="ProxmoxException.PresentedFingerprint"/>.</summary>
    Tls,
    Unauthorized,
    Forbidden,

    /// <summary>A parameter was refused; see <see cref="ProxmoxException.Errors"/>.</summary>
    BadRequest,
    ServerError,

    /// <summary>The path or method is unknown to this version of Proxmox.</summary>
    NotSupported,

    /// <summary>What came is not what Proxmox sends.</summary>
    BadAnswer,
    TooLarge,

    /// <summary>A write was sent, but whether it took effect is not known.</summary>
    OutcomeUnknown,
}

/// <summary>The one exception of the client, with its evidence. It never holds a secret.</summary>
public sealed partial class ProxmoxException(ProxmoxFailure kind, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public ProxmoxFailure Kind { get; } = kind;

    public Uri? Endpoint { get; init; }

    public string? Method { get; init; }

    /// <summary>The path below <c>/api2/json</c>.</summary>
    public string? Path { get; init; }

    public int? Status { get; init; }

    /// <summary>Proxmox's own words.</summary>
    public string? Reason { get; init; }

    /// <summary>The first 500 characters of the answer.</summary>
    public string? Excerpt { get; init; }

    /// <summary>What Proxmox said about each parameter (400).</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = EmptyErrors;

    /// <summary>SHA-256 of the refused certificate, upper-case hex pairs with colons.</summary>
    public string? PresentedFingerprint { get; init; }

    /// <summary>The path on which a privilege is missing (403), as <c>/vms/100</c>.</summary>
    public string? MissingOn => Permission() is { Success: true } match ? match.Groups["path"].Value : null;

    /// <summary>The privileges any of which would do (403).</summary>
    public IReadOnlyList<string> MissingPrivileges =>
        Permission() is { Success: true } match
            ? match.Groups["privileges"].Value.Split(['|', ' '], StringSplitOptions.RemoveEmptyEntries)
            : [];

    private static readonly IReadOnlyDictionary<string, string> EmptyErrors = new Dictionary<string, string>();

    private Match? Permission() =>
        Kind == ProxmoxFailure.Forbidden && Reason is not null ? PermissionForm().Match(Reason) : null;

    [GeneratedRegex(@"\((?<path>/[^,\s)]*), (?<privileges>[A-Za-z.|& ]+)\)")]
    private static partial Regex PermissionForm();
}

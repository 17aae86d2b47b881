using System.Text.Json.Serialization;

namespace Jarvis.Proxmox.Wire;

public sealed record UserRow
{
    public required string UserId { get; init; }

    public bool? Enable { get; init; }

    /// <summary>Epoch seconds; 0 is never.</summary>
    public long? Expire { get; init; }

    public string? Comment { get; init; }

    public string? Email { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    [JsonPropertyName("realm-type")]
    public string? RealmType { get; init; }
}

public sealed record TokenRow
{
    public required string TokenId { get; init; }

    public bool? PrivSep { get; init; }

    public long? Expire { get; init; }

    public string? Comment { get; init; }
}

public sealed record RoleRow
{
    public required string RoleId { get; init; }

    /// <summary>Separated by commas.</summary>
    public string? Privs { get; init; }

    public bool? Special { get; init; }
}

public sealed record AclRow
{
    public required string Path { get; init; }

    public required string RoleId { get; init; }

    /// <summary>user, group or token.</summary>
    public string? Type { get; init; }

    public required string UgId { get; init; }

    public bool? Propagate { get; init; }
}

public sealed record RealmRow
{
    public required string Realm { get; init; }

    public string? Type { get; init; }

    public string? Comment { get; init; }
}

using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Jarvis.Server.Cluster;

/// <summary>How a cluster is reached and watched; the token's secret is never told.</summary>
public sealed record ClusterSettings(
    string Key, string Name, ClusterOrigin Origin, bool Paused, IReadOnlyList<string> Endpoints, IReadOnlyList<string> Fingerprints,
    string? TokenId, double CadenceSeconds);

public sealed record ProbeRequest
{
    [Required, MaxLength(300)]
    public required string Address { get; init; }
}

/// <summary>The certificate that an address presents, to be compared with what the node itself shows.</summary>
public sealed record ProbeAnswer(
    string Address, string Fingerprint, string Subject, string Issuer, IReadOnlyList<string> Names,
    DateTimeOffset NotBefore, DateTimeOffset NotAfter, bool PubliclyTrusted);

public sealed record TestRequest
{
    [Required, MaxLength(300)]
    public required string Address { get; init; }

    [RegularExpression(ClusterOptions.FingerprintForm, ErrorMessage = AddClusterRequest.FingerprintRule)]
    public string? Fingerprint { get; init; }

    [Required, MaxLength(512)]
    public required string Token { get; init; }
}

/// <summary>What a token can see of a cluster; null is what it cannot. <c>Cure</c> holds lines to paste on a node.</summary>
public sealed record TestAnswer(
    string Name, string Version, string TokenId, bool? Quorate, IReadOnlyList<TestNode> Nodes, int? Guests, int? Storages,
    bool CanSeeNodes, bool CanSeeGuests, bool CanSeeStorage, IReadOnlyList<string> Missing, IReadOnlyList<string> Cure);

/// <summary>A node as Proxmox names it to the others.</summary>
public sealed record TestNode(string Name, string? Address, string? Fingerprint, bool Online);

public sealed record AddClusterRequest
{
    internal const string FingerprintRule = "It must be 32 pairs of hex digits (SHA-256), with or without colons.";

    [Required, RegularExpression(ClusterOptions.KeyForm, ErrorMessage = "It must be lower-case letters, digits and dashes, at most 32 characters.")]
    public required string Key { get; init; }

    [MaxLength(64)]
    public string? Name { get; init; }

    [Required, MaxLength(300)]
    public required string Address { get; init; }

    [RegularExpression(ClusterOptions.FingerprintForm, ErrorMessage = FingerprintRule)]
    public string? Fingerprint { get; init; }

    [Required, MaxLength(512)]
    public required string Token { get; init; }
}

/// <summary>What is to change of a cluster; what is null stays.</summary>
public sealed record ChangeClusterRequest
{
    [MaxLength(64)]
    public string? Name { get; init; }
    public bool? Paused { get; init; }

    [MaxLength(512)]
    public string? Token { get; init; }

    [RegularExpression(ClusterOptions.FingerprintForm, ErrorMessage = AddClusterRequest.FingerprintRule)]
    public string? Fingerprint { get; init; }

    [MaxLength(300)]
    public string? Address { get; init; }

    /// <summary>Says that what is at the new address is this cluster, though none of its certificates is known.</summary>
    public bool SameCluster { get; init; }

    /// <summary>Whether more is asked for than to pause or to resume.</summary>
    internal bool ChangesSetUp => Name is not null || ChangesAccess;

    internal bool ChangesAccess => Token is not null || Fingerprint is not null || Address is not null;
}

public sealed record DemoRequest
{
    [Required, RegularExpression("^(?:homelab|three-nodes|fleet)$", ErrorMessage = "It must be homelab, three-nodes or fleet.")]
    public required string Scenario { get; init; }
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ClusterSettings))]
[JsonSerializable(typeof(ProbeRequest))]
[JsonSerializable(typeof(ProbeAnswer))]
[JsonSerializable(typeof(TestRequest))]
[JsonSerializable(typeof(TestAnswer))]
[JsonSerializable(typeof(AddClusterRequest))]
[JsonSerializable(typeof(ChangeClusterRequest))]
[JsonSerializable(typeof(DemoRequest))]
internal sealed partial class RosterJson : JsonSerializerContext;

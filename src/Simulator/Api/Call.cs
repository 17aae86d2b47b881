using System.Globalization;
using Jarvis.Simulator.Access;

namespace Jarvis.Simulator.Api;

/// <summary>One request that has been routed, and its parameters; handlers run while the cluster's gate is held.</summary>
internal sealed class Call
{
    public required ApiContext Context { get; init; }
    public required Endpoint Endpoint { get; init; }
    public required IDictionary<string, string> Path { get; init; }

    /// <summary>The node whose address was asked.</summary>
    public required string LocalNode { get; init; }
    public Arguments Arguments { get; set; } = [];

    /// <summary>Null where no sign-in is needed and none was sent.</summary>
    public Rights? Caller { get; set; }

    /// <summary>Set by handlers of lists that are cut into pages.</summary>
    public int? Total { get; set; }

    /// <summary>A pending difference shown beside the data.</summary>
    public string? Changes { get; set; }

    /// <summary>How long the real thing would have taken over this answer.</summary>
    public TimeSpan Pause { get; set; }

    public VirtualCluster Cluster => Context.Cluster;
    public Rights Rights => Caller ?? throw new PveException(401, "No ticket");
    public string User => Rights.Principal.Name;

    public string Node => Path.TryGetValue("node", out var node) && node != "localhost" ? node : LocalNode;
    public VirtualNode LiveNode => Cluster.LiveNode(Node);
    public int VmId => int.Parse(Path["vmid"], CultureInfo.InvariantCulture);
    public GuestKind Kind => Endpoint.Segments.Length > 2 && Endpoint.Segments[2] == "lxc" ? GuestKind.Lxc
        : GuestKind.Qemu;
    public VirtualGuest Guest => Cluster.GuestOn(Node, Kind, VmId);

    public string? Optional(string name) =>
        Arguments.TryGetValue(name, out var values) ? values[0] : Path.TryGetValue(name, out var value) ? value : null;

    public string Text(string name) => Optional(name)
        ?? throw PveException.Parameter(name, "property is missing and it is not optional");

    public IReadOnlyList<string> List(string name) => Arguments.TryGetValue(name, out var values) ? values : [];

    public int? Number(string name) =>
        Optional(name) is { } text
            ? (int)Math.Clamp(long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
                int.MinValue, int.MaxValue)
            : null;

    public bool Flag(string name, bool otherwise = false) =>
        Optional(name) is { } text ? Parameter.AsBoolean(text) ?? otherwise : otherwise;

    /// <summary>The non-empty parts of a comma, semicolon or space list.</summary>
    public string[] Items(string name) =>
        Optional(name)?.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries) ?? [];
}

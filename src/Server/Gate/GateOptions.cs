using System.ComponentModel.DataAnnotations;

namespace Jarvis.Server.Gate;

/// <summary>What may be done without a person, and what may not be done at all. A guest or node with the tag
/// <c>jarvis-protected</c> is protected whatever stands here.</summary>
public sealed class GateOptions
{
    internal const string Section = "Safety";

    /// <summary>Writes of one model, key or MCP client on one cluster in an hour; a person's own are not counted.</summary>
    [Range(1, 10_000)]
    public int WritesPerHour { get; set; } = 30;

    /// <summary>Approvals that one caller may ask for in a minute.</summary>
    [Range(1, 1_000)]
    public int RequestsPerMinute { get; set; } = 10;

    /// <summary>Minutes that a call waits for a person.</summary>
    [Range(1, 60)]
    public int ApprovalMinutes { get; set; } = 5;

    /// <summary>Guests that are never stopped, changed or removed: a number, or an exact name.</summary>
    public List<string> ProtectedGuests { get; } = [];

    /// <summary>Nodes that are never restarted or changed, by name.</summary>
    public List<string> ProtectedNodes { get; } = [];

    /// <summary>Pools whose guests are protected.</summary>
    public List<string> ProtectedPools { get; } = [];

    /// <summary>Tags whose guests are protected.</summary>
    public List<string> ProtectedTags { get; } = [];

    /// <summary>Tags of guests for which the person whose call it is may not approve it: another must.</summary>
    public List<string> TwoPersonTags { get; } = [];
}

using Jarvis.Safety;

namespace Jarvis.Server.Gate;

/// <summary>The configuration as the kernel takes it.</summary>
internal static class Rules
{
    public static SafetyOptions Of(GateOptions options) => new()
    {
        WritesPerHour = options.WritesPerHour,
        RequestsPerMinute = options.RequestsPerMinute,
        ApprovalLives = TimeSpan.FromMinutes(options.ApprovalMinutes),
        Protected =
        [
            .. options.ProtectedGuests.Select(g => g.All(char.IsAsciiDigit) ? Guest() with { Id = g } : Guest() with { Name = g }),
            .. options.ProtectedNodes.Select(n => new TargetRule { Kind = Kind.Node, Id = n }),
            .. options.ProtectedPools.Select(p => Guest() with { Pool = p }),
            .. options.ProtectedTags.Select(t => Guest() with { Tag = t }),
        ],
        TwoPersons = [.. options.TwoPersonTags.Select(t => Guest() with { Tag = t })],
    };

    private static TargetRule Guest() => new() { Kind = Kind.Guest };
}

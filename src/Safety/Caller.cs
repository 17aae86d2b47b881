using System.Text.Json.Serialization;

namespace Jarvis.Safety;

/// <summary>Who calls. Made by the host from what it has verified; never from anything in a call.</summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(Operator), "operator")]
[JsonDerivedType(typeof(Model), "model")]
[JsonDerivedType(typeof(McpClient), "mcp")]
[JsonDerivedType(typeof(ApiKey), "key")]
[JsonDerivedType(typeof(Runbook), "runbook")]
public abstract record Caller
{
    private Caller()
    {
    }

    public required Role Role { get; init; }

    /// <summary>The tools it may name; null is all of them.</summary>
    public IReadOnlyList<string>? Scope { get; init; }

    /// <summary>Whom budgets, denials and the audit know it as.</summary>
    public abstract string Actor { get; }

    /// <summary>The person it acts for, if for one.</summary>
    public abstract string? Person { get; }

    /// <summary>The highest tier that it runs without a person being asked. Internal, so that there are no other kinds than these:
    /// the constructor that each record has for copies would let others in.</summary>
    internal abstract Tier Ceiling { get; }

    public abstract string Kind { get; }

    /// <summary>A signed-in person's own click or request.</summary>
    public sealed record Operator : Caller
    {
        public required string User { get; init; }
        public required string Session { get; init; }

        /// <summary>The person said in the same request that a RED call is meant: their own approval of it.</summary>
        public bool Confirmed { get; init; }

        [JsonIgnore]
        public BreakGlass? BreakGlass { get; init; }
        public override string Actor => $"person:{User}";
        public override string Person => User;
        internal override Tier Ceiling => Tier.Yellow;
        public override string Kind => "operator";
    }

    /// <summary>A model in a person's conversation.</summary>
    public sealed record Model : Caller
    {
        public required string User { get; init; }
        public override string Actor => $"model:{User}";
        public override string Person => User;
        internal override Tier Ceiling => Tier.Yellow;
        public override string Kind => "model";
    }

    /// <summary>A program that speaks MCP, with a token of its owner's.</summary>
    public sealed record McpClient : Caller
    {
        public required string Key { get; init; }
        public required string Owner { get; init; }
        public required Tier Limit { get; init; }
        public IReadOnlyList<Grant> Grants { get; init; } = [];
        public override string Actor => $"mcp:{Key}";
        public override string Person => Owner;
        internal override Tier Ceiling => Limit > Tier.Yellow ? Tier.Yellow : Limit;
        public override string Kind => "mcp";
    }

    /// <summary>A script or a home automation, with a key of its owner's.</summary>
    public sealed record ApiKey : Caller
    {
        public required string Key { get; init; }
        public required string Owner { get; init; }
        public required Tier Limit { get; init; }
        public IReadOnlyList<Grant> Grants { get; init; } = [];
        public override string Actor => $"key:{Key}";
        public override string Person => Owner;
        internal override Tier Ceiling => Limit > Tier.Yellow ? Tier.Yellow : Limit;
        public override string Kind => "key";
    }

    /// <summary>A runbook that cures an incident by the one tool it declares.</summary>
    public sealed record Runbook : Caller
    {
        public required string Name { get; init; }
        public required string Tool { get; init; }
        public required string Incident { get; init; }
        public required int Autonomy { get; init; }
        public IReadOnlyList<StandingApproval> Standing { get; init; } = [];
        public override string Actor => $"runbook:{Name}:{Incident}";
        public override string? Person => null;
        internal override Tier Ceiling => Tier.Yellow;
        public override string Kind => "runbook";
    }
}

/// <summary>This key may run this tool on these targets above its ceiling.</summary>
public sealed record Grant(string Tool, IReadOnlyList<Target> Targets);

/// <summary>A policy: this runbook may run this tool on targets of this kind from this level of autonomy on.</summary>
public sealed record StandingApproval(string Id, string Runbook, string Tool, Kind Kind, int Autonomy);

/// <summary>For ten minutes one administrator's own RED and ORANGE calls are approved, in one session.</summary>
public sealed record BreakGlass
{
    internal BreakGlass()
    {
    }

    public required string User { get; init; }
    public required string Session { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset Until { get; init; }
}

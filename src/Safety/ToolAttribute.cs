namespace Jarvis.Safety;

/// <summary>Makes a public method a tool. The tier has no default on purpose, and <see cref="Outside"/> must be said.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolAttribute(Tier tier) : Attribute
{
    public Tier Tier { get; } = tier;

    /// <summary>Its result holds free text from outside the operator, and taints the turn that reads it.</summary>
    public bool Outside { get; set; }

    /// <summary>It sends text away from here (a message, a request): refused to a turn that read text from outside.</summary>
    public bool Sends { get; set; }

    /// <summary>A snapshot of its guest is made first, where the storage can.</summary>
    public bool SnapshotFirst { get; set; }

    /// <summary>A signed-in person may run it even while nothing can be recorded (start and stop a guest).</summary>
    public bool Unrecorded { get; set; }

    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>The method that says what will happen: same parameters, or fewer, giving a <see cref="Safety.Plan"/>.</summary>
    public string? Plan { get; set; }

    /// <summary>The static method that may raise the tier: same parameters, or fewer, giving a <see cref="Raised"/> or null.</summary>
    public string? Raise { get; set; }
}

/// <summary>Says that the parameter names what is touched, and how.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class TargetAttribute(Kind kind) : Attribute
{
    public Kind Kind { get; } = kind;

    /// <summary>The worst by default: whoever does less says so.</summary>
    public Effect Effect { get; set; } = Effect.Removes;
}

/// <summary>Says that a tool above Green has no one target.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClusterWideAttribute : Attribute;

/// <summary>A tier that the arguments ask for, and why.</summary>
public sealed record Raised(Tier Tier, string Why);

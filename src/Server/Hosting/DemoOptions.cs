using System.ComponentModel.DataAnnotations;

namespace Jarvis.Server.Hosting;

/// <summary>A simulated cluster inside the server, to look around without a real one (<c>Demo:…</c>).</summary>
public sealed class DemoOptions : IValidatableObject
{
    /// <summary>homelab, three-nodes or fleet; empty means none.</summary>
    public string Scenario { get; set; } = "";

    /// <summary>As <c>Demo:Scenario</c>, for a start without any cluster: the demo is kept as if it had been added on the screen, where it can be removed.</summary>
    public string First { get; set; } = "";

    /// <summary>Nodes of the fleet.</summary>
    [Range(1, 250)]
    public int? Nodes { get; set; }

    /// <summary>Guests of the fleet.</summary>
    [Range(0, 50_000)]
    public int? Guests { get; set; }

    /// <summary>Loopback port of the simulator's admin API, to switch faults on; empty means none, 0 a free one.</summary>
    [Range(0, 65_535)]
    public int? AdminPort { get; set; }

    /// <summary>How many seconds pass here in a real one; with a simulator of its own clock give both the same origin.</summary>
    [Range(0.01, 100_000)]
    public double ClockSpeed { get; set; } = 1;

    /// <summary>The moment from which <see cref="ClockSpeed"/> counts; empty means the start.</summary>
    public DateTimeOffset? ClockOrigin { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (First is not ("" or "homelab" or "three-nodes" or "fleet"))
            yield return new($"'{First}' is refused: it takes homelab, three-nodes, fleet or nothing.", [nameof(First)]);
        if (Scenario is not ("" or "homelab" or "three-nodes" or "fleet"))
            yield return new($"'{Scenario}' is refused: it takes homelab, three-nodes, fleet or nothing.", [nameof(Scenario)]);
        else if (Scenario != "fleet" && (Nodes ?? Guests) is not null)
            yield return new("is refused: Demo:Nodes and Demo:Guests go with Demo:Scenario fleet only.", [Nodes is null ? nameof(Guests) : nameof(Nodes)]);
    }
}

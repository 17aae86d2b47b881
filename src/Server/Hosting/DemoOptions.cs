using System.ComponentModel.DataAnnotations;

namespace Jarvis.Server.Hosting;

/// <summary>A simulated cluster inside the server, to look around without a real one (<c>Demo:…</c>).</summary>
public sealed class DemoOptions
{
    /// <summary>homelab, three-nodes or fleet; empty means none.</summary>
    public string Scenario { get; set; } = "";

    /// <summary>Nodes of the fleet.</summary>
    public int? Nodes { get; set; }

    /// <summary>Guests of the fleet.</summary>
    public int? Guests { get; set; }

    /// <summary>Loopback port of the simulator's admin API, to switch faults on; empty means none, 0 a free one.</summary>
    public int? AdminPort { get; set; }

    /// <summary>How many seconds pass here in a real one; with a simulator of its own clock give both the same origin.</summary>
    [Range(0.01, 100_000)]
    public double ClockSpeed { get; set; } = 1;

    /// <summary>The moment from which <see cref="ClockSpeed"/> counts; empty means the start.</summary>
    public DateTimeOffset? ClockOrigin { get; set; }
}

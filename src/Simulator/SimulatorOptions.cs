using System.Net;

namespace Jarvis.Simulator;

/// <summary>What to simulate and where it listens. Without user and token the host makes a random token.</summary>
public sealed record SimulatorOptions
{
    /// <summary>homelab, three-nodes or fleet.</summary>
    public string Scenario { get; init; } = "homelab";

    /// <summary>Number of nodes; only with the fleet.</summary>
    public int? Nodes { get; init; }

    /// <summary>Number of guests over all nodes; only with the fleet.</summary>
    public int? Guests { get; init; }

    /// <summary>Address of the first node; node k listens on the k-th loopback address. Port 0: one that is free on all.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8006);

    /// <summary>Port of the admin API on 127.0.0.1; null: none, 0: chosen by the system.</summary>
    public int? AdminPort { get; init; }

    /// <summary>A user with all rights, as root@pam; needs a password.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>A token with its owner's rights: USER@REALM!ID=UUID.</summary>
    public string? Token { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>How many times faster than the given clock the cluster lives.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>The moment at which the cluster's clock and the given one agree; null: the start.</summary>
    public DateTimeOffset? ClockOrigin { get; init; }

    /// <summary>All nodes answer at the first address.</summary>
    public bool SingleEndpoint { get; init; }

    /// <summary>Where the CA and the leaf keys are kept; null: a folder that goes away with the host.</summary>
    public string? DataFolder { get; init; }

    /// <summary>How long a 401 is held back.</summary>
    public TimeSpan UnauthorizedDelay { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a node waits for another one that accepts and never answers, before it says 596.</summary>
    public TimeSpan ProxyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Lets termproxy open a local shell (as nobody when run by root).</summary>
    public bool Terminal { get; init; }
}

using System.ComponentModel.DataAnnotations;

namespace Jarvis.Server.Hubs;

/// <summary>Limits of the live connections (<c>Hubs:…</c>).</summary>
public sealed class HubsOptions
{
    /// <summary>Most live connections in all (1 to 100000).</summary>
    [Range(1, 100_000)]
    public int MaxConnections { get; set; } = 2_000;

    /// <summary>Most live connections of one signed-in session (1 to 100000).</summary>
    [Range(1, 100_000)]
    public int MaxConnectionsPerSession { get; set; } = 600;
}

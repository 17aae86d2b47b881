namespace Jarvis.Simulator.Hosting;

/// <summary>Which node a connection reached; on a single endpoint that is the first one that is up.</summary>
internal sealed class NodeConnection(Func<string> node)
{
    public Func<string> Node => node;

    /// <summary>Requests so far; HTTP/1.1 serves them one after the other.</summary>
    public int Requests { get; set; }
}

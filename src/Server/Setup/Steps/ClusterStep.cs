using Jarvis.Server.Cluster;

namespace Jarvis.Server.Setup.Steps;

/// <summary>Something to watch: a Proxmox VE cluster, or the demo.</summary>
public sealed class ClusterStep(LiveClusters clusters) : SetupStep
{
    public override string Id => "cluster";

    public override string Title => "Cluster";

    public override bool Required => true;

    public override int Order => 200;

    public override ValueTask<bool> IsDoneAsync(CancellationToken cancellationToken) => new(clusters.All.Count > 0);
}

namespace Jarvis.Simulator;

/// <summary>What the guests of a node add up to.</summary>
internal readonly record struct NodeTotals(double Cpus, long Memory, long Io, int Running)
{
    public NodeTotals With(VirtualGuest guest, GuestSample sample) => sample.Uptime == 0 && sample.Memory == 0
        ? this
        : new NodeTotals(
            Cpus + (sample.Cpu * guest.Cpus), Memory + Math.Max(sample.Memory, sample.MemoryHost), Io, Running + 1);
}

internal sealed partial class VirtualCluster
{
    /// <summary>The live state of a node, as /nodes/{node}/status shows it.</summary>
    public NodeSample Sample(VirtualNode node) => Sample(node, Now, Totals(node, Now));

    /// <summary>The live state of a guest.</summary>
    public GuestSample Sample(VirtualGuest guest) => guest.Sample(Now);

    private NodeTotals Totals(VirtualNode node, DateTimeOffset at) => Totals(node, at, guests.Values);

    private static NodeTotals Totals(VirtualNode node, DateTimeOffset at, IEnumerable<VirtualGuest> residents)
    {
        var totals = default(NodeTotals);
        foreach (var guest in residents)
        {
            if (guest.RunAt(at) is { } run && run.Node == node.Name)
            {
                var memory = guest.MemoryAt(at, run.Start);
                totals = new NodeTotals(totals.Cpus + (guest.CpuAt(at, run.Start) * guest.Cpus),
                    totals.Memory + Math.Max(memory, guest.MemoryHost(memory)), 0, totals.Running + 1);
            }
        }

        return totals;
    }

    private static NodeSample Sample(VirtualNode node, DateTimeOffset at, NodeTotals totals)
    {
        var time = VirtualGuest.Seconds(at);
        var boot = VirtualGuest.Seconds(node.BootedAt);
        var up = Math.Max(0, time - boot);
        var host = .008 + (.25 * node.Load.Cpu(time) * .1);
        var cpu = Math.Clamp((totals.Cpus / node.Cpus) + host, .002, 1);
        var wait = Math.Clamp((.004 * (1 + Noise.Smooth(node.Load.Key, time, 700))) + (node.BackupRunning ? .09 : 0), 0, .6);
        var own = (1.4 * Bytes.GiB) + (totals.Running * 24.0 * Bytes.MiB);
        var room = Math.Max(0, node.Memory - totals.Memory - own);
        var arc = Math.Min(node.ArcTarget * (.9 + (.08 * Noise.Smooth(node.Load.Key + 1, time, 9000))), room * .9);
        var used = Math.Min(node.Memory * .995, totals.Memory + own + arc);
        var load = cpu * node.Cpus;
        var net = node.Load.NetIntegral(time) - node.Load.NetIntegral(boot);
        return new NodeSample(
            cpu, wait, Average(node, time, 60) * load, Average(node, time, 300) * load, Average(node, time, 900) * load,
            (long)used, node.Memory, (long)arc,
            (long)(node.SwapTotal * Math.Clamp((used / node.Memory) - .82, 0, .9)), node.SwapTotal,
            (long)Math.Min(
                node.RootSize, node.RootUsed * (1 + (.0004 * Noise.Smooth(node.Load.Key + 2, time, 30_000)))), node.RootSize,
            (long)(net * node.Load.NetInRate * NodeNetScale), (long)(net * node.Load.NetOutRate * NodeNetScale), (long)up);
    }

    private const double NodeNetScale = 9;

    private static double Average(VirtualNode node, double time, double window) =>
        1 + (.18 * Noise.Smooth(node.Load.Key + 5, time, window * 2));
}

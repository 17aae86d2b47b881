using System.Collections.Frozen;

namespace Jarvis.Simulator;

/// <summary>One row of rrddata: columns by Proxmox's names, none where nothing was recorded.</summary>
internal sealed record RrdRow(long Time, IReadOnlyList<KeyValuePair<string, double>> Values);

internal sealed partial class VirtualCluster
{
    private static readonly FrozenDictionary<string, (int Step, int Rows)> Frames = new Dictionary<string, (int Step, int Rows)>
    {
        ["hour"] = (60, 70), ["day"] = (60, 1440), ["week"] = (1800, 336), ["month"] = (1800, 1440),
        ["year"] = (21600, 1460), ["decade"] = (604800, 520),
    }.ToFrozenDictionary();

    private static readonly TimeSpan NodeAge = TimeSpan.FromDays(420);

    /// <summary>hour, day, week, month, year or decade.</summary>
    public static IReadOnlyCollection<string> TimeFrames => Frames.Keys;

    public IReadOnlyList<RrdRow> Rrd(VirtualGuest guest, string frame, bool maximum = false) => Rows(frame, (time, step) =>
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(time);
        if (at < guest.Created || Dark(guest, at))
        {
            return [];
        }

        var values = new List<KeyValuePair<string, double>>(12)
        {
            new("maxcpu", guest.Cpus), new("maxmem", guest.MaxMemory), new("maxdisk", guest.MaxDisk),
            new("disk", guest.Kind == GuestKind.Lxc ? guest.DiskUsed(at) : 0),
        };
        if (guest.RunAt(at) is not { } run)
        {
            return values;
        }

        var from = Math.Max(time - step, VirtualGuest.Seconds(run.Start));
        var span = Math.Max(1, time - from);
        var net = (guest.Load.NetIntegral(time) - guest.Load.NetIntegral(from)) / span;
        var disk = (guest.Load.DiskIntegral(time) - guest.Load.DiskIntegral(from)) / span;
        if (guest.PausedAt is { } paused && at > paused)
        {
            net = disk = 0;
        }

        var memory = guest.MemoryAt(at, run.Start);
        var cpu = Over(step, time, maximum, t => guest.RunAt(t) is { } r ? guest.CpuAt(t, r.Start) : 0);
        values.Add(new("cpu", cpu));
        values.Add(new("mem", memory));
        values.Add(new("memhost", guest.MemoryHost(memory)));
        values.Add(new("netin", net * guest.Load.NetInRate));
        values.Add(new("netout", net * guest.Load.NetOutRate));
        values.Add(new("diskread", disk * guest.Load.DiskReadRate));
        values.Add(new("diskwrite", disk * guest.Load.DiskWriteRate));
        values.Add(new("pressurecpusome", Math.Max(0, (cpu - .6) * 40)));
        values.Add(new("pressureiosome", Math.Min(30, disk * guest.Load.DiskWriteRate / 2e6)));
        values.Add(new("pressurememorysome", 0));
        return values;
    });

    public IReadOnlyList<RrdRow> Rrd(VirtualNode node, string frame, bool maximum = false)
    {
        var residents = guests.Values.Where(g => g.Runs.Any(r => r.Node == node.Name)).ToArray();
        return Rows(frame, (time, step) =>
        {
            var at = DateTimeOffset.FromUnixTimeSeconds(time);
            if (Dark(node, at) || at < Origin - NodeAge)
            {
                return [];
            }

            var sample = Sample(node, at, Totals(node, at, residents));
            var net = (node.Load.NetIntegral(time) - node.Load.NetIntegral(time - step)) / step;
            var cpu = Over(step, time, maximum, t => t == at ? sample.Cpu : Sample(node, t, Totals(node, t, residents)).Cpu);
            return
            [
                new("cpu", cpu), new("iowait", sample.Wait), new("loadavg", sample.Load1), new("maxcpu", node.Cpus),
                new("memtotal", sample.MemoryTotal), new("memused", sample.MemoryUsed),
                new("memavailable", sample.MemoryTotal - sample.MemoryUsed + sample.Arc),
                new("swaptotal", sample.SwapTotal), new("swapused", sample.SwapUsed),
                new("roottotal", sample.RootTotal), new("rootused", sample.RootUsed),
                new("netin", net * node.Load.NetInRate * NodeNetScale),
                new("netout", net * node.Load.NetOutRate * NodeNetScale), new("arcsize", sample.Arc),
                new("pressurecpusome", Math.Max(0, (cpu - .5) * 30)), new("pressureiosome", sample.Wait * 40),
                new("pressureiofull", sample.Wait * 30),
                new("pressurememorysome", Math.Max(0, ((double)sample.MemoryUsed / sample.MemoryTotal) - .93) * 100),
                new("pressurememoryfull", 0),
            ];
        });
    }

    public IReadOnlyList<RrdRow> Rrd(VirtualStorage storage, string node, string frame) => Rows(frame, (time, _) =>
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(time);
        return at < Origin - NodeAge
            || Dark(nodes[node], at) ? [] : [new("total", storage.TotalOn(node)), new("used", storage.UsedOn(node, at))];
    });

    private List<RrdRow> Rows(string frame, Func<long, int, IReadOnlyList<KeyValuePair<string, double>>> row)
    {
        if (!Frames.TryGetValue(frame, out var shape))
        {
            throw PveException.Parameter(
                "timeframe", $"value '{frame}' does not have a value in the enumeration '{string.Join(", ", Frames.Keys)}'");
        }

        var last = Epoch / shape.Step * shape.Step;
        var rows = new List<RrdRow>(shape.Rows);
        for (var i = shape.Rows - 1; i >= 0; i--)
        {
            var time = last - ((long)i * shape.Step);
            rows.Add(new RrdRow(time, row(time, shape.Step)));
        }

        return rows;
    }

    private static double Over(int step, long time, bool maximum, Func<DateTimeOffset, double> sample)
    {
        var count = step <= 60 ? 1 : 3;
        var total = 0.0;
        var top = 0.0;
        for (var i = 0; i < count; i++)
        {
            var value = sample(DateTimeOffset.FromUnixTimeSeconds(time - ((long)i * step / count)));
            total += value;
            top = Math.Max(top, value);
        }

        return maximum ? top : total / count;
    }

    private bool Dark(VirtualGuest guest, DateTimeOffset at) => Dark(nodes[guest.RunAt(at)?.Node ?? guest.Node], at);

    private static bool Dark(VirtualNode node, DateTimeOffset at) => at > node.LostAt
        || node.Outages.Exists(o => at >= o.From && at < o.To);
}

namespace Jarvis.Simulator;

internal enum GuestKind
{
    Qemu,
    Lxc,
}

/// <summary>A stretch of time in which a guest ran on one node.</summary>
internal sealed record GuestRun(string Node, DateTimeOffset Start, DateTimeOffset? End);

internal sealed record GuestSnapshot(
    string Name, string? Parent, DateTimeOffset Taken, string Description, bool WithMemory, GuestConfig Config)
{
    /// <summary>prepare or delete while the task runs.</summary>
    public string? State { get; set; }
}

/// <summary>A virtual machine or container.</summary>
internal sealed class VirtualGuest
{
    private readonly List<GuestRun> runs = [];
    private GuestConfig config = new();
    private double pausedNet;
    private double pausedDisk;

    public required int VmId { get; init; }
    public required GuestKind Kind { get; init; }
    public required string Node { get; set; }
    public required GuestLoad Load { get; init; }
    public required DateTimeOffset Created { get; init; }
    public string Os { get; init; } = "debian";
    public string? Ip { get; set; }
    public string? Pool { get; set; }
    public string? Lock { get; set; }

    /// <summary>running or stopped.</summary>
    public string Status => Running ? "running" : "stopped";

    /// <summary>running, stopped, paused, io-error, guest-panicked …</summary>
    public string QmpStatus => !Running ? "stopped" : Stall ?? (PausedAt is null ? "running" : "paused");

    /// <summary>What holds the virtual CPUs although the process lives: io-error, guest-panicked, internal-error.</summary>
    public string? Stall { get; set; }
    public bool Running => StartedAt is not null;
    public DateTimeOffset? StartedAt { get; private set; }
    public DateTimeOffset? PausedAt { get; private set; }
    public int Pid { get; private set; }

    /// <summary>The guest's own system no longer reacts: no agent, no answer to ACPI.</summary>
    public DateTimeOffset? HungSince { get; set; }

    /// <summary>Memory grows from here until the host kills the guest.</summary>
    public DateTimeOffset? LeakSince { get; set; }
    public TimeSpan LeakTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The worker that holds the lock on its configuration file.</summary>
    public VirtualTask? Holder { get; set; }

    public GuestConfig Config => config;
    public List<GuestSnapshot> Snapshots { get; } = [];

    /// <summary>The snapshot the present state descends from.</summary>
    public string? SnapshotParent { get; set; }
    public IReadOnlyList<GuestRun> Runs => runs;
    public Dictionary<int, AgentCommand> AgentCommands { get; } = [];

    public string Name { get; private set; } = "";
    public int Cpus { get; private set; } = 1;
    public long MaxMemory { get; private set; }
    public long MaxSwap { get; private set; }
    public long MaxDisk { get; private set; }
    public string? Tags { get; private set; }
    public bool Template { get; private set; }
    public bool Onboot { get; private set; }
    public bool AgentConfigured { get; private set; }

    public string TypeName => Kind == GuestKind.Qemu ? "qemu" : "lxc";
    public string Word => Kind == GuestKind.Qemu ? "VM" : "CT";
    public string Sid => (Kind == GuestKind.Qemu ? "vm:" : "ct:") + VmId;
    public string WorkerPrefix => Kind == GuestKind.Qemu ? "qm" : "vz";
    public bool AgentAlive => Running && AgentConfigured && HungSince is null && PausedAt is null && Stall is null;

    public void Replace(GuestConfig next)
    {
        config = next;
        Refresh();
    }

    /// <summary>Derives the cached properties after the configuration changed.</summary>
    public void Refresh()
    {
        Name = config[Kind == GuestKind.Qemu ? "name" : "hostname"] ?? (Kind == GuestKind.Qemu ? "VM " : "CT") + VmId;
        Cpus = Math.Max(1, config.Number("cores", 1) * (Kind == GuestKind.Qemu ? config.Number("sockets", 1) : 1));
        MaxMemory = config.Number("memory", 512) * Bytes.MiB;
        MaxSwap = Kind == GuestKind.Lxc ? config.Number("swap", 512) * Bytes.MiB : 0;
        Tags = config["tags"];
        Template = config.Flag("template");
        Onboot = config.Flag("onboot");
        var agent = config["agent"];
        AgentConfigured = agent is not null && (agent.StartsWith('1') || agent.Contains("enabled=1", StringComparison.Ordinal));
        MaxDisk = BootDisk()?.Size ?? 0;
        var fixedIp = (config["ipconfig0"] ?? config["net0"])?.Split(',')
            .FirstOrDefault(p => p.StartsWith("ip=", StringComparison.Ordinal) && p.Contains('/', StringComparison.Ordinal));
        Ip = fixedIp is null ? Ip : fixedIp[3..fixedIp.IndexOf('/', StringComparison.Ordinal)];
    }

    public GuestDisk? BootDisk() =>
        config.Disks()
            .Where(d => !d.IsCdrom && d.Slot is not "efidisk0" and not "tpmstate0"
                && !d.Slot.StartsWith("unused", StringComparison.Ordinal))
            .OrderByDescending(d => d.IsRoot).FirstOrDefault();

    public void Begin(DateTimeOffset at, int pid)
    {
        StartedAt = at;
        Pid = pid;
        PausedAt = null;
        Stall = null;
        HungSince = null;
        pausedNet = pausedDisk = 0;
        runs.Add(new GuestRun(Node, at, null));
        if (runs.Count > 64)
        {
            runs.RemoveAt(0);
        }
    }

    public void Finish(DateTimeOffset at)
    {
        if (StartedAt is null)
        {
            return;
        }

        runs[^1] = runs[^1] with { End = at };
        StartedAt = null;
        PausedAt = null;
        Stall = null;
        HungSince = null;
        LeakSince = null;
        Pid = 0;
        AgentCommands.Clear();
    }

    /// <summary>Adds a stretch of the past, before the present run.</summary>
    public void Remember(GuestRun run) => runs.Insert(StartedAt is null ? runs.Count : runs.Count - 1, run);

    public void Pause(DateTimeOffset at) => PausedAt ??= at;

    public void Resume(DateTimeOffset at)
    {
        if (PausedAt is { } since)
        {
            pausedNet += Load.NetIntegral(Seconds(at)) - Load.NetIntegral(Seconds(since));
            pausedDisk += Load.DiskIntegral(Seconds(at)) - Load.DiskIntegral(Seconds(since));
            PausedAt = null;
            Stall = null;
        }
    }

    public GuestSample Sample(DateTimeOffset at)
    {
        if (StartedAt is not { } started || at < started)
        {
            return new GuestSample(0, 0, 0, Kind == GuestKind.Lxc ? DiskUsed(at) : 0, 0, 0, 0, 0, 0);
        }

        var counted = Seconds(PausedAt ?? at);
        var net = Load.NetIntegral(counted) - Load.NetIntegral(Seconds(started)) - pausedNet;
        var disk = Load.DiskIntegral(counted) - Load.DiskIntegral(Seconds(started)) - pausedDisk;
        var memory = MemoryAt(at, started);
        return new GuestSample(
            CpuAt(at, started), memory, MemoryHost(memory), Kind == GuestKind.Lxc ? DiskUsed(at) : 0,
            (long)(net * Load.NetInRate), (long)(net * Load.NetOutRate),
            (long)(disk * Load.DiskReadRate), (long)(disk * Load.DiskWriteRate), (long)(at - started).TotalSeconds);
    }

    public double CpuAt(DateTimeOffset at, DateTimeOffset started)
    {
        if (PausedAt <= at)
        {
            return 0;
        }

        if (HungSince <= at)
        {
            return 1.0 / Cpus;
        }

        var up = (at - started).TotalSeconds;
        var boot = up < 180 ? .55 * Math.Exp(-up / 25) : 0;
        return Math.Min(1, Load.Cpu(Seconds(at)) + boot);
    }

    public long MemoryAt(DateTimeOffset at, DateTimeOffset started)
    {
        var up = (at - started).TotalSeconds;
        var warm = up < 900 ? 1 - (.55 * Math.Exp(-up / 90)) : 1;
        var fraction = Load.MemoryFraction(Seconds(at)) * warm;
        if (LeakSince is { } since && at > since)
        {
            fraction += (.99 - fraction) * Math.Min(1, (at - since) / LeakTime);
        }

        return (long)(MaxMemory * fraction);
    }

    public long MemoryHost(long memory) => Kind == GuestKind.Qemu ? (long)(memory * 1.03) + (90 * Bytes.MiB) : 0;

    public long DiskUsed(DateTimeOffset at)
    {
        var grown = 1 + (.0006 * (at - Created).TotalDays) + (.01 * Noise.Smooth(Noise.Key(VmId, "disk"), Seconds(at), 40_000));
        return (long)(MaxDisk * Math.Clamp(Load.DiskFill * grown, .02, .98));
    }

    public GuestRun? RunAt(DateTimeOffset at)
    {
        for (var i = runs.Count - 1; i >= 0; i--)
        {
            if (runs[i].Start <= at)
            {
                return runs[i].End is null || runs[i].End > at ? runs[i] : null;
            }
        }

        return null;
    }

    public static double Seconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000.0;
}

/// <summary>A command run through the guest agent.</summary>
internal sealed record AgentCommand(int Pid, DateTimeOffset Done, int ExitCode, string Out, string Err);

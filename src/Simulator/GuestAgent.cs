namespace Jarvis.Simulator;

internal sealed record GuestAddress(string Address, int Prefix, bool V6);

internal sealed record GuestInterface(
    string Name, string Mac, IReadOnlyList<GuestAddress> Addresses, long RxBytes, long TxBytes);

internal sealed record GuestOs(
    string Id, string Name, string PrettyName, string Version, string VersionId, string Kernel, string KernelVersion);

internal sealed record GuestFileSystem(string Name, string MountPoint, string Type, long Total, long Used, string Device);

internal sealed partial class VirtualCluster
{
    private static readonly TimeSpan AgentStart = TimeSpan.FromSeconds(12);

    /// <summary>Whether the agent would answer now.</summary>
    public bool AgentAnswers(VirtualGuest guest) => guest.AgentAlive && Now - guest.StartedAt >= AgentStart;

    /// <summary>Throws what Proxmox answers when the agent can't be used.</summary>
    public void PingAgent(VirtualGuest guest)
    {
        var trouble = !guest.AgentConfigured ? "No QEMU guest agent configured"
            : !guest.Running ? $"VM {guest.VmId} is not running"
            : !AgentAnswers(guest) ? "QEMU guest agent is not running" : null;
        if (trouble is not null)
        {
            throw PveException.Failed(trouble);
        }
    }

    public IReadOnlyList<GuestInterface> AgentInterfaces(VirtualGuest guest)
    {
        PingAgent(guest);
        return Interfaces(guest, guest.Os == "windows" ? "Ethernet" : "ens18");
    }

    /// <summary>A container's interfaces; empty while it is stopped.</summary>
    public IReadOnlyList<GuestInterface> ContainerInterfaces(VirtualGuest guest) =>
        guest.Running ? Interfaces(guest, "eth0") : [];

    public GuestOs AgentOs(VirtualGuest guest)
    {
        PingAgent(guest);
        return guest.Os switch
        {
            "windows" => new("mswindows", "Microsoft Windows", "Windows 11 Pro", "Microsoft Windows 11", "11", "26100", "10.0"),
            "ubuntu" => new(
                "ubuntu", "Ubuntu", "Ubuntu 24.04.3 LTS", "24.04.3 LTS (Noble Numbat)", "24.04", "6.8.0-87-generic",
                "#88-Ubuntu SMP PREEMPT_DYNAMIC"),
            "haos" => new(
                "haos", "Home Assistant OS", "Home Assistant OS 16.3", "16.3", "16.3", "6.12.51-haos",
                "#1 SMP PREEMPT_DYNAMIC"),
            "truenas" => new(
                "debian", "TrueNAS", "TrueNAS 25.10.0", "25.10.0", "12", "6.12.33-production+truenas",
                "#1 SMP PREEMPT_DYNAMIC"),
            _ => new("debian", "Debian GNU/Linux", "Debian GNU/Linux 13 (trixie)", "13 (trixie)", "13",
                "6.12.57+deb13-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.12.57-1"),
        };
    }

    public IReadOnlyList<GuestFileSystem> AgentFileSystems(VirtualGuest guest)
    {
        PingAgent(guest);
        var windows = guest.Os == "windows";
        return [.. guest.Config.Disks()
            .Where(d => !d.IsCdrom && d.Slot is not "efidisk0" and not "tpmstate0"
                && !d.Slot.StartsWith("unused", StringComparison.Ordinal)).Select((d, i) =>
        {
            var total = (long)(d.Size * .965);
            var used = (long)(total * Math.Clamp(
                guest.DiskUsed(Now) / (double)Math.Max(1, guest.MaxDisk) * (i == 0 ? 1 : 1.15), .02, .99));
            return windows
                ? new GuestFileSystem(
                    "\\\\?\\Volume{" + Noise.Key(guest.VmId, d.Slot).ToString("x8", null)[..8] + "}\\",
                    $"{(char)('C' + i)}:\\", "NTFS", total, used, "PhysicalDrive" + i)
                : new GuestFileSystem(
                    $"sd{(char)('a' + i)}1", i == 0 ? "/" : "/data", "ext4", total, used, $"/dev/sd{(char)('a' + i)}1");
        })];
    }

    /// <summary>Runs a command inside the guest; its outcome can be asked for by the returned process id.</summary>
    public int AgentExec(VirtualGuest guest, IReadOnlyList<string> command, string input = "")
    {
        PingAgent(guest);
        var pid = 900 + (guest.AgentCommands.Count * 7);
        var (exit, output, error) = new GuestShell(this, guest).Run(command, input);
        guest.AgentCommands[pid] = new AgentCommand(pid, Now + dice.Seconds(.1, .5), exit, output, error);
        if (guest.AgentCommands.Count > 200)
        {
            guest.AgentCommands.Remove(guest.AgentCommands.Keys.Min());
        }

        return pid;
    }

    /// <summary>The command's outcome; <see cref="AgentCommand.Done"/> in the future means it still runs.</summary>
    public AgentCommand AgentStatus(VirtualGuest guest, int pid)
    {
        PingAgent(guest);
        return guest.AgentCommands.GetValueOrDefault(pid)
            ?? throw PveException.Failed($"Agent error: PID {pid} does not exist");
    }

    private List<GuestInterface> Interfaces(VirtualGuest guest, string name)
    {
        var net = guest.Config["net0"] ?? "";
        var mac = net.Split(',').Select(p => p.Split('='))
            .Where(p => p.Length == 2 && p[1].Length == 17 && p[1][2] == ':').Select(p => p[1].ToLowerInvariant())
            .FirstOrDefault() ?? "bc:24:11:00:00:01";
        var sample = guest.Sample(Now);
        var list = new List<GuestInterface> { new(
            "lo", "00:00:00:00:00:00", [new("127.0.0.1", 8, false), new("::1", 128, true)], 48_000, 48_000) };
        var link = new GuestAddress("fe80::be24:11ff:fe" + mac[9..11] + ":" + mac[12..14] + mac[15..17], 64, true);
        list.Add(new(name, mac, guest.Ip is null ? [link] : [new(guest.Ip, 24, false), link], sample.NetIn, sample.NetOut));
        if (guest.Tags?.Contains("docker", StringComparison.Ordinal) == true)
        {
            list.Add(new("docker0", "02:42:9a:1c:55:0e", [new("172.17.0.1", 16, false)], sample.NetIn / 9, sample.NetOut / 7));
        }

        return list;
    }
}

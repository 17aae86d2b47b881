using System.Collections.Frozen;

namespace Jarvis.Simulator;

internal sealed partial class VirtualCluster
{
    private static readonly FrozenSet<string> Essential = ["pveproxy", "pvedaemon", "pve-cluster"];

    /// <summary>apt-get update; what upstream has published appears in the list of updates.</summary>
    public string RefreshUpdates(string nodeName, string user)
    {
        var node = LiveNode(nodeName);
        return Launch(node, "aptupdate", "", user, run =>
        {
            run.Log("starting apt-get update");
            run.Log("Hit:1 http://deb.debian.org/debian trixie InRelease");
            run.Log("Hit:2 http://security.debian.org/debian-security trixie-security InRelease");
            run.After(dice.Seconds(2, 7), () =>
            {
                run.Log("Get:3 http://download.proxmox.com/debian/pve trixie InRelease [2,768 B]");
                run.Log("Reading package lists...");
                node.Updates.AddRange(node.UpdatesUpstream);
                node.UpdatesUpstream.Clear();
                run.Done();
            });
        });
    }

    public VirtualService Service(string nodeName, string name) =>
        LiveNode(nodeName).Services.Find(s => s.Name == name)
        ?? throw PveException.Parameter(
            "service", $"value '{name}' does not have a value in the enumeration '{string.Join(", ", Node(nodeName).Services.Select(s => s.Name))}'");

    /// <summary>start, stop, restart or reload.</summary>
    public string CommandService(string nodeName, string name, string command, string user)
    {
        var service = Service(nodeName, name);
        if (command == "stop" && Essential.Contains(name))
        {
            throw PveException.Failed("refusing to stop essential service!");
        }

        return Launch(LiveNode(nodeName), "srv" + command, name, user, run =>
        {
            if (service.UnitState is "not-found" or "masked")
            {
                throw PveException.Failed($"command 'systemctl {command} {name}' failed: exit code 5");
            }

            run.After(dice.Seconds(.3, 1.8), () =>
            {
                (service.State, service.ActiveState) = command == "stop" ? ("dead", "inactive") : ("running", "active");
                Log(Node(nodeName), "systemd",
                    $"{(command == "stop" ? "Stopped" : "Started")} {name}.service - {service.Description}.");
                run.Done();
            });
        });
    }

    /// <summary>Sets a node's free options (description) as /nodes/{node}/config does.</summary>
    public void UpdateNode(string nodeName, string? description)
    {
        RequireQuorum(nodeName);
        LiveNode(nodeName).Description = description;
    }

    /// <summary>What the node itself believes the time to be.</summary>
    public DateTimeOffset TimeOf(VirtualNode node) => Now + node.ClockOffset;

    /// <summary>The journal of a node, oldest first: what happened here and the daily murmur of the daemons.</summary>
    public IReadOnlyList<JournalLine> Journal(
        VirtualNode node, int last = 500, string? unit = null, DateTimeOffset? since = null, DateTimeOffset? until = null)
    {
        var to = until ?? Now;
        var from = since ?? to - TimeSpan.FromHours(48);
        return [.. Murmur(node, from, to).Concat(node.Journal.Lines.Where(l => l.At >= from && l.At <= to))
            .Where(l => unit is null || l.Unit == unit).OrderBy(l => l.At).TakeLast(Math.Max(0, last))];
    }

    private static IEnumerable<JournalLine> Murmur(VirtualNode node, DateTimeOffset from, DateTimeOffset to)
    {
        (string Unit, string Text, int Priority)[] usual =
        [
            ("pvestatd", "auth key pair generation successful", 6),
            ("CRON", "(root) CMD (cd / && run-parts --report /etc/cron.hourly)", 6),
            ("smartd", $"Device: {node.Disks.LastOrDefault()?.Device ?? "/dev/sda"}, SMART Usage Attribute: 194 Temperature_Celsius changed from 6{{0}} to 64", 6),
            ("pveproxy", "worker 1{0}4 finished", 6),
            ("pvedaemon", "<root@pam> successful auth for user 'root@pam'", 6),
            ("systemd", "Starting man-db.service - Daily man-db regeneration...", 6),
            ("chronyd", "Selected source 192.53.103.10{0} (2.debian.pool.ntp.org)", 6),
            ("pve-firewall", "restarting server after 3{0} cycles to reduce memory usage (free 7{0}40 (2{0}80) KB)", 6),
        ];
        const int Slot = 421;
        if (to - from > TimeSpan.FromDays(40))
        {
            from = to - TimeSpan.FromDays(40);
        }

        for (var slot = from.ToUnixTimeSeconds() / Slot; slot <= to.ToUnixTimeSeconds() / Slot; slot++)
        {
            var dice = Noise.Hash(node.Load.Key + (ulong)slot);
            var at = DateTimeOffset.FromUnixTimeSeconds((slot * Slot) + (long)(dice % Slot));
            if (at >= from && at <= to && !Dark(node, at))
            {
                var (name, text, priority) = usual[dice % (ulong)usual.Length];
                yield return new JournalLine(
                    at, name, 700 + (int)(Noise.Key(node.NodeId, name) % 4000), priority,
                    text.Replace("{0}", ((dice >> 20) % 9).ToString(null, null), StringComparison.Ordinal));
            }
        }
    }
}

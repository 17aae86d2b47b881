using System.Globalization;

namespace Jarvis.Simulator;

/// <summary>Answers the handful of commands that people run inside guests; everything else is not found.</summary>
internal sealed class GuestShell(VirtualCluster cluster, VirtualGuest guest)
{
    public (int Exit, string Out, string Err) Run(IReadOnlyList<string> command, string input)
    {
        var words = command.Count > 2 && command[0].EndsWith("sh", StringComparison.Ordinal) && command[1] is "-c" or "-lc"
            ? command[2].Split(' ', StringSplitOptions.RemoveEmptyEntries) : [.. command];
        if (words.Length == 0)
        {
            return (127, "", "no command\n");
        }

        var sample = guest.Sample(cluster.Now);
        var name = words[0].Split('/')[^1];
        var output = name switch
        {
            "true" => "",
            "echo" => string.Join(' ', words[1..]) + "\n",
            "cat" when words.Length == 1 => input,
            "cat" when words[1] == "/etc/hostname" => guest.Name + "\n",
            "cat" when words[1] == "/etc/os-release" =>
                $"PRETTY_NAME=\"{cluster.AgentOs(guest).PrettyName}\"\nID={cluster.AgentOs(guest).Id}\n",
            "hostname" => guest.Name + "\n",
            "whoami" => "root\n",
            "id" => "uid=0(root) gid=0(root) groups=0(root)\n",
            "uname" => $"Linux {guest.Name} {cluster.AgentOs(guest).Kernel} x86_64 GNU/Linux\n",
            "date" => cluster.Now.UtcDateTime.ToString("ddd MMM d HH:mm:ss 'UTC' yyyy", CultureInfo.InvariantCulture) + "\n",
            "uptime" => string.Create(
                CultureInfo.InvariantCulture,
                $" up {sample.Uptime / 86400} days, load average: {sample.Cpu * guest.Cpus:F2}, {sample.Cpu * guest.Cpus:F2}, {sample.Cpu * guest.Cpus * .9:F2}\n"),
            "free" => string.Create(CultureInfo.InvariantCulture,
                $"               total        used        free\nMem:  {guest.MaxMemory / 1024,16}{sample.Memory / 1024,12}{(guest.MaxMemory - sample.Memory) / 1024,12}\n"),
            "df" => string.Concat(cluster.AgentFileSystems(guest).Select(f => string.Create(CultureInfo.InvariantCulture,
                $"{f.Device}\t{f.Total / 1024}\t{f.Used / 1024}\t{(f.Total - f.Used) / 1024}\t{f.Used * 100 / Math.Max(1, f.Total)}%\t{f.MountPoint}\n"))),
            "systemctl" when words.Length > 1 && words[1] == "is-system-running" => "running\n",
            "systemctl" when words.Length > 2 && words[1] == "is-active" => "active\n",
            "ps" => "    PID TTY          TIME CMD\n      1 ?        00:00:09 systemd\n    412 ?        00:00:02 qemu-ga\n",
            "ls" => "bin\nboot\ndev\netc\nhome\nopt\nroot\nsrv\ntmp\nusr\nvar\n",
            _ => null,
        };
        return name == "false" ? (1, "", "")
            : output is null ? (127, "", $"sh: 1: {words[0]}: not found\n")
            : (0, output, "");
    }
}

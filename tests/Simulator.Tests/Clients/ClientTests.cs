using System.Text.Json;

namespace Jarvis.Simulator.Tests.Clients;

public sealed class ClientTests
{
    private const string Proxmoxer = "apt install python3-proxmoxer";
    private const string Fence = "apt install fence-agents";
    private const string Ansible = "apt install ansible python3-proxmoxer";
    private const string Node = "install Node.js 20 or newer";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Proxmoxer_works_by_token_and_by_ticket(bool byToken)
    {
        await using var client = await ClientProgram.StartAsync();
        (string, string)[] credentials = byToken
            ? [("PVE_TOKEN_NAME", "test"), ("PVE_TOKEN_SECRET", ClientProgram.Secret)]
            : [("PVE_USER", "root@pam"), ("PVE_PASSWORD", ClientProgram.Password)];
        var probe = await client.RunAsync("/usr/bin/python3", Proxmoxer, ["-c", "import proxmoxer"]);
        Assert.True(probe.Exit == 0, $"proxmoxer is missing: {Proxmoxer}");
        var (exit, output) = await client.RunAsync("/usr/bin/python3", Proxmoxer, ["tour.py"], credentials);
        Assert.True(exit == 0, output);
        var told = JsonDocument.Parse(output).RootElement;
        Assert.Equal(["pve1", "pve2", "pve3"], Texts(told, "nodes"));
        Assert.Equal(8, told.GetProperty("guests").GetArrayLength());
        Assert.Equal(("OK", "OK", "OK"), (Text(told, "started"), Text(told, "snapshot"), Text(told, "removed")));
        Assert.Contains("by-python", Texts(told, "names"));
        Assert.Equal("hello there\n", Text(told, "said"));
        Assert.Contains("Configuration file 'nodes/pve1/qemu-server/4711.conf' does not exist", Text(told, "missing"),
            StringComparison.Ordinal);
        Assert.Equal("Parameter verification failed.", Text(told, "errors"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_npm_client_works_by_token_and_by_ticket(bool byToken)
    {
        await using var client = await ClientProgram.StartAsync();
        if (!Directory.Exists(Path.Combine(ClientProgram.Folder(), "node_modules", "proxmox-api")))
        {
            var (installed, log) = await client.RunAsync("npm", Node, ["ci", "--no-audit", "--no-fund"]);
            Assert.True(installed == 0, "npm ci in tests/Simulator.Tests/Clients failed: " + log);
        }
        var (exit, output) = await client.RunAsync("node", Node, ["tour.mjs"], byToken
            ? [("PVE_TOKEN_ID", "root@pam!test"), ("PVE_TOKEN_SECRET", ClientProgram.Secret)]
            : [("PVE_USER", "root@pam"), ("PVE_PASSWORD", ClientProgram.Password)]);
        Assert.True(exit == 0, output);
        var told = JsonDocument.Parse(output).RootElement;
        Assert.Equal(["pve1", "pve2", "pve3"], Texts(told, "nodes"));
        Assert.Equal(["100:web", "102:db", "104:ci", "105:spare", "900:debian-template"], Texts(told, "guests"));
        Assert.Equal(("OK", "by node"), (Text(told, "started"), Text(told, "description")));
    }

    [Fact]
    public async Task Fence_pve_reads_switches_off_and_on()
    {
        await using var client = await ClientProgram.StartAsync();
        Assert.Equal((2, "OFF"), await FenceAsync(client, "status", "105"));
        Assert.Equal((0, "ON"), await FenceAsync(client, "status", "102"));
        Assert.Equal((0, "OFF"), await FenceAsync(client, "off", "102"));
        Assert.Equal((2, "OFF"), await FenceAsync(client, "status", "102"));
        Assert.Equal((0, "ON"), await FenceAsync(client, "on", "102"));
        Assert.True(client.Host.Cluster.Read(c => c.Guests[102].Running));
    }

    [Fact]
    public async Task Ansible_starts_changes_and_stops_a_vm()
    {
        await using var client = await ClientProgram.StartAsync();
        var (exit, output) = await client.RunAsync("ansible-playbook", Ansible,
            ["-i", "localhost,", "-c", "local", "-e", "ansible_python_interpreter=/usr/bin/python3", "playbook.yml"],
            ("PVE_TOKEN_SECRET", ClientProgram.Secret), ("ANSIBLE_NOCOLOR", "1"),
                ("ANSIBLE_LOCALHOST_WARNING", "False"), ("LC_ALL", "C.UTF-8"));
        Assert.True(exit == 0, output);
        Assert.Contains("VM105=running", output, StringComparison.Ordinal);
        var spare = client.Host.Cluster.Read(c =>
            (c.Guests[105].Running, c.Guests[105].Config.Effective().First(v => v.Key == "cores").Value));
        Assert.Equal((false, "3"), spare);
    }

    private static async Task<(int, string)> FenceAsync(ClientProgram client, string action, string plug)
    {
        var (exit, output) = await client.RunAsync("fence_pve", Fence,
        [
            "--ip=127.0.0.1", $"--ipport={client.Port}", "--username=root@pam", "--password=" + ClientProgram.Password,
            "--plug=" + plug, "--action=" + action, "--ssl-insecure", "--pve-node-auto", "--power-timeout=30",
                "--power-wait=0",
        ]);
        var word = output.Contains("OFF", StringComparison.Ordinal) || action == "off" && exit == 0 ? "OFF"
            : output.Contains("ON", StringComparison.Ordinal) || action == "on" && exit == 0 ? "ON" : output;
        return (exit, word);
    }

    private static string? Text(JsonElement told, string name) => told.GetProperty(name).GetString();

    private static IEnumerable<string?> Texts(JsonElement told, string name) =>
        told.GetProperty(name).EnumerateArray().Select(e => e.GetString());
}

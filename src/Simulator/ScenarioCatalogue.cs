using System.Text.Json;

namespace Jarvis.Simulator;

/// <summary>The scenarios that come with the simulator.</summary>
internal static class ScenarioCatalogue
{
    public static readonly IReadOnlyList<string> Names = ["homelab", "three-nodes", "fleet"];

    /// <summary>A scenario by name; the fleet takes its size from the arguments.</summary>
    public static Scenario Load(string name, int nodes = 10, int guests = 200) => name switch
    {
        "fleet" => FleetScenario.Build(nodes, guests),
        "homelab" or "three-nodes" => Read(name),
        _ => throw new ArgumentException($"unknown scenario '{name}'; legal are {string.Join(", ", Names)}", nameof(name)),
    };

    /// <summary>A scenario from a file of the same form as the built-in ones.</summary>
    public static Scenario Parse(string json) =>
        JsonSerializer.Deserialize(json, ScenarioJson.Default.Scenario)
            ?? throw new ArgumentException("the scenario is null", nameof(json));

    private static Scenario Read(string name)
    {
        using var stream = typeof(ScenarioCatalogue).Assembly.GetManifestResourceStream(name + ".json")
            ?? throw new InvalidOperationException($"scenario {name} is not embedded");
        return JsonSerializer.Deserialize(stream, ScenarioJson.Default.Scenario)
            ?? throw new InvalidOperationException($"scenario {name} is empty");
    }
}

/// <summary>A fleet of any size.</summary>
internal static class FleetScenario
{
    private static readonly string[] Roles = ["web", "db", "cache", "ci-runner", "app", "dns", "media", "backup"];
    private static readonly string[] Places = ["checkout", "billing", "search", "mail", "portal", "shop", "stats",
        "auth", "wiki", "edge"];

    public static Scenario Build(int nodes, int guests)
    {
        if (nodes is < 1 or > 500 || guests is < 0 or > 50_000)
        {
            throw new ArgumentException($"a fleet has 1 to 500 nodes and 0 to 50000 guests, not {nodes} and {guests}");
        }

        var names = Enumerable.Range(1, nodes).Select(i => $"node{i:D3}").ToArray();
        return new Scenario
        {
            Name = "fleet", Cluster = "fleet", Domain = "example.internal", HistoryDays = 1,
            Nodes = [.. names.Select((name, i) => new NodeSpec
            {
                Name = name, Ip = $"10.40.{(i + 10) / 250}.{((i + 10) % 250) + 1}",
                CpuModel = "AMD EPYC 9354P 32-Core Processor",
                Cores = 32, Threads = 64, Mhz = 3250, MemoryGib = 512, RootGib = 220, ArcGib = 24,
                UptimeDays = 10 + (i * 3 % 90),
                Disks = [new("/dev/nvme0n1", "SAMSUNG MZQL23T8HCLS", "nvme", 3840, "ZFS", 97),
                    new("/dev/nvme1n1", "SAMSUNG MZQL23T8HCLS", "nvme", 3840, "ZFS", 96)],
                Zpools = [new("rpool", 3500, 1300, "mirror-0", ["nvme0n1", "nvme1n1"])],
            })],
            Storages =
            [
                new StorageSpec { Id = "local", Type = "dir", Content = "iso,vztmpl,backup", TotalGib = 220,
                    UsedGib = 30, Settings = new Dictionary<string, string> { ["path"] = "/var/lib/vz" } },
                new StorageSpec { Id = "local-zfs", Type = "zfspool", Content = "images,rootdir", TotalGib = 3300,
                    UsedGib = 20, Settings = new Dictionary<string, string> { ["pool"] = "rpool/data" } },
            ],
            Guests = [.. Enumerable.Range(0, guests).Select(i => new GuestSpec
            {
                Id = 100 + i, Type = i % 3 == 0 ? "lxc" : "qemu", Node = names[i % nodes], Storage = "local-zfs",
                Name = $"{Places[i / Roles.Length % Places.Length]}-{Roles[i % Roles.Length]}-{i:D4}",
                Cores = 1 << (i % 4), MemoryMib = 1024 << (i % 4), DiskGib = 16 + (i % 5 * 16), Running = i % 11 != 0,
                UptimeDays = 1 + (i % 60),
                Ip = $"10.41.{i / 250 % 250}.{(i % 250) + 1}", Tags = i % 2 == 0 ? "prod" : "test",
            })],
        };
    }
}

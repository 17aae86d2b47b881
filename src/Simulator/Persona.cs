namespace Jarvis.Simulator;

/// <summary>The load character of a guest: levels are fractions, rates bytes per second in the mean.</summary>
internal sealed record Persona(
    string Name, double CpuBase, double CpuDay, double PeakHour, double Weekend, double Jitter, double Burst,
    double MemoryBase, double MemorySwing, double NetIn, double NetOut, double DiskRead, double DiskWrite)
{
    private const double K = 1024;

    public static readonly IReadOnlyList<Persona> All =
    [
        new("web", .04, .28, 15, .55, .05, 0, .46, .10, 180 * K, 620 * K, 40 * K, 70 * K),
        new("database", .10, .22, 14, .60, .06, 0, .74, .05, 210 * K, 260 * K, 900 * K, 1300 * K),
        new("service", .012, .07, 18, 1.1, .012, .05, .44, .06, 40 * K, 90 * K, 15 * K, 35 * K),
        new("idle", .006, .006, 12, 1, .004, 0, .24, .03, 2 * K, 1.5 * K, 1 * K, 6 * K),
        new("media", .05, .30, 20.5, 1.35, .08, .35, .52, .12, 240 * K, 2400 * K, 1500 * K, 90 * K),
        new("backup", .02, .55, 2.5, 1, .05, 0, .38, .16, 5200 * K, 300 * K, 400 * K, 5100 * K),
        new("batch", .03, .10, 11, .25, .05, .9, .48, .22, 400 * K, 150 * K, 600 * K, 900 * K),
        new("cache", .05, .14, 15, .6, .03, 0, .82, .03, 700 * K, 900 * K, 3 * K, 15 * K),
        new("dns", .012, .015, 19, 1.05, .006, 0, .31, .02, 14 * K, 16 * K, 1 * K, 9 * K),
        new("home", .06, .05, 18.5, 1.1, .03, .1, .58, .06, 35 * K, 30 * K, 20 * K, 190 * K),
        new("camera", .34, .07, 17, 1, .05, .25, .61, .05, 3800 * K, 240 * K, 30 * K, 3600 * K),
        new("desktop", .02, .22, 17, .7, .06, .4, .55, .15, 120 * K, 45 * K, 260 * K, 190 * K),
        new("storage", .05, .12, 21, 1.2, .04, .1, .70, .08, 1500 * K, 1900 * K, 1700 * K, 1300 * K),
    ];

    public static Persona Named(string name) =>
        All.FirstOrDefault(p => p.Name == name)
        ?? throw new ArgumentException($"unknown persona '{name}'; legal are {string.Join(", ", All.Select(p => p.Name))}");

    /// <summary>The persona a name suggests, for guests that come without one.</summary>
    public static Persona Guess(string name)
    {
        (string Part, string Persona)[] hints =
        [
            ("postgres", "database"), ("mysql", "database"), ("mariadb", "database"), ("db", "database"),
            ("redis", "cache"), ("cache", "cache"), ("pihole", "dns"), ("dns", "dns"), ("adguard", "dns"),
            ("jellyfin", "media"), ("plex", "media"), ("immich", "media"), ("frigate", "camera"),
            ("backup", "backup"), ("pbs", "backup"), ("ci", "batch"), ("runner", "batch"), ("build", "batch"),
            ("home", "home"), ("windows", "desktop"), ("nas", "storage"), ("web", "web"), ("cloud", "web"),
            ("proxy", "web"), ("git", "web"),
        ];
        var hit = hints.FirstOrDefault(h => name.Contains(h.Part, StringComparison.OrdinalIgnoreCase));
        return Named(hit.Persona ?? "idle");
    }
}

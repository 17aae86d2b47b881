namespace Jarvis.Bench;

/// <summary>What the driver was asked to do.</summary>
internal sealed record Options
{
    public bool Check { get; private init; }

    public bool Quick { get; private init; }

    public bool List { get; private init; }

    public string? Only { get; private init; }

    /// <summary>Takes what was built for a configuration instead of what was published.</summary>
    public string? Built { get; private init; }

    public bool Soak { get; private init; }

    public double Minutes { get; private init; } = 10;

    /// <summary>The options, or what is wrong with them.</summary>
    public static (Options? Options, string? Trouble) Parse(IReadOnlyList<string> arguments)
    {
        var options = new Options();
        for (var i = 0; i < arguments.Count; i++)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--check": options = options with { Check = true }; break;
                case "--quick": options = options with { Quick = true }; break;
                case "--list": options = options with { List = true }; break;
                case "--soak": options = options with { Soak = true }; break;
                case "--only" when value is not null: options = options with { Only = value }; i++; break;
                case "--built" when value is "debug" or "release": options = options with { Built = value }; i++; break;
                case "--minutes" when double.TryParse(value, out var minutes) && minutes is >= 0.5 and <= 1440: options = options with { Minutes = minutes }; i++; break;
                case "--only": return (null, "--only needs a name; see --list");
                case "--minutes": return (null, "--minutes needs a number from 0.5 to 1440");
                case "--built": return (null, "--built needs debug or release");
                default: return (null, $"unknown option: {arguments[i]}");
            }
        }

        return options switch
        {
            { Check: true, Quick: true } or { Check: true, Only: not null } or { Check: true, Built: not null } =>
                (null, "--check measures everything in full as published; --quick, --only and --built do not go with it"),
            { Soak: true, Check: true } or { Soak: true, Only: not null } => (null, "--soak goes with --minutes alone"),
            _ => (options, null),
        };
    }
}

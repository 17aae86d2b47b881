using System.Globalization;
using System.Runtime.InteropServices;

namespace Jarvis.Server.Cli;

/// <summary>What <c>jarvis</c> does, by its first words; without one it serves.</summary>
internal static class Verbs
{
    internal const int Misuse = 64;
    internal const int Failed = 1;
    internal const int Interrupted = 130;

    private static readonly (string, string) Data = ("--data=", "the data folder, ./data unless told");

    public static IReadOnlyList<Verb> All { get; } =
    [
        new("serve", " [options]", "Runs the server; the same as no verb.",
            [
                ("--listen=", "ADDRESS, PORT or both as ADDRESS:PORT; beyond loopback with TLS"),
                ("--behind-proxy=", "networks of the reverse proxy, as 10.0.0.5/32, with commas"),
                ("--port=", "the port alone, 5080 unless told"), Data, ("--web=", "the folder of the built screen"),
            ],
            0, Serve.RunAsync),
        new("doctor", " [options]", "Checks settings, files, databases, certificates and clusters, and says what to do.", [Data], 0, Doctor.RunAsync),
        new("backup", " FILE|FOLDER [options]", "Copies everything in the data folder into one file, also while the server runs.", [Data], 1, Copies.BackupAsync),
        new("restore", " FILE [options]", "Puts a backup in the place of the data folder; the server must not be running.",
            [Data, ("--replace", "puts a folder that is not empty aside first")], 1, Copies.RestoreAsync),
        new("audit verify", " [options]", "Checks that no row of the audit was changed, removed or put in.", [Data], 0, AuditVerify.RunAsync),
        new("keyword reset", " [options]", "Takes the approval keyword away; an administrator sets another one in the settings.", [Data], 0, ResetKeyword.RunAsync),
        new("admin reset-password", " [options]", "Sets a new password, read from the terminal, standard input or a file, and ends the account's sessions.",
            [("--user=", "the account, admin unless told"), ("--password-file=", "a file whose first line is the new password"), Data], 0, ResetPassword.RunAsync),
    ];

    public static string Version => typeof(Verbs).Assembly.GetName().Version!.ToString(3);

    /// <returns>0 when all is well, 64 for words that are not known, else what the verb gives.</returns>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken)
    {
        if (args is ["--version"])
        {
            await terminal.Output.WriteLineAsync($"jarvis {Version}");
            return 0;
        }

        if (args is ["-h" or "--help" or "help"])
        {
            await terminal.Output.WriteAsync(Help());
            return 0;
        }

        var (verb, rest) = Find(args);
        if (verb is null)
        {
            await terminal.Error.WriteLineAsync($"jarvis: '{args[0]}' is no verb.\n\n{Help()}");
            return Misuse;
        }

        if (rest.Any(a => a is "-h" or "--help"))
        {
            await terminal.Output.WriteAsync(verb.Help);
            return 0;
        }

        var (given, refusal) = CommandLine.Read(verb, rest, terminal);
        if (given is not null) return verb.Name == "serve" ? await verb.Run(given, cancellationToken) : await RunInterruptiblyAsync(verb, given, cancellationToken);
        await terminal.Error.WriteLineAsync($"jarvis: {refusal}\n\n{verb.Help}");
        return Misuse;
    }

    // The host of the server takes the signals itself; what copies files must clean up after itself.
    private static async Task<int> RunInterruptiblyAsync(Verb verb, Given given, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var end = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await verb.Run(given, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await given.Console.Error.WriteLineAsync("jarvis: stopped; nothing was changed.");
            return Interrupted;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static (Verb? Verb, string[] Others) Find(string[] args)
    {
        foreach (var verb in All)
        {
            var words = verb.Name.Split(' ');
            if (args.Take(words.Length).SequenceEqual(words, StringComparer.Ordinal)) return (verb, args[words.Length..]);
        }

        return args.Length == 0 || args[0].StartsWith('-') || args[0].Contains('=', StringComparison.Ordinal) ? (All[0], args) : (null, []);
    }

    private static string Help() => string.Create(CultureInfo.InvariantCulture, $"""
        Usage: jarvis [VERB] [options]

        {string.Concat(All.Select(v => $"  {v.Name,-22} {v.Meaning}\n"))}
          VERB --help            what a verb takes
          --version              {Version}

        """);
}

using Jarvis.Server.Cli;

namespace Jarvis.Server.Tests.Cli;

/// <summary>One run of a verb, with what it said.</summary>
internal sealed record Run(int Code, string Output, string Error)
{
    public static Task<Run> Of(params string[] args) => WithInput(null, args);

    public static async Task<Run> WithInput(string? input, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var reader = new StringReader(input ?? "");
        var code = await Verbs.RunAsync(args, new(() => reader, output, error), TestContext.Current.CancellationToken);
        return new(code, output.ToString(), error.ToString());
    }
}

using System.Text.Json.Nodes;
using Jarvis.Server.Agent.Understanding;

namespace Jarvis.Server.Tests.Agent;

public sealed class UnderstandingTests(ITestOutputHelper output)
{
    [Fact]
    public void At_least_95_in_100_phrasings_are_understood()
    {
        var rows = Rows("builtin.tsv");
        var wrong = (from row in rows let got = Said(row[0]) where !Same(row[1], got) select $"{row[0]}\n   wanted {row[1]}\n   got    {got}").ToList();
        output.WriteLine($"{rows.Count - wrong.Count} of {rows.Count} phrasings understood, {100.0 * (rows.Count - wrong.Count) / rows.Count:0.0} %\n{string.Join('\n', wrong)}");

        var reads = rows.Where(r => Of(r[0]) is Understood.Calls { Deed: null, Exact: true }).ToList();
        var odd = reads.Where(r => !Meaning.Covers(r[0], Lab.Clusters)).Select(r => r[0]).ToList();
        output.WriteLine($"{reads.Count - odd.Count} of {reads.Count} questions understood to the last word\n{string.Join('\n', odd)}");
        Assert.True(rows.Count >= 300);
        Assert.True(wrong.Count <= rows.Count / 20, string.Join('\n', wrong));
    }

    [Fact]
    public void No_question_is_taken_for_a_request()
    {
        var questions = Rows("wishes.tsv").Where(r => r[1] == "question").ToList();

        Assert.True(questions.Count >= 200);
        Assert.All(questions, row => Assert.DoesNotContain(Deeds(Of(row[0])), c => c.Exact));
    }

    [Fact]
    public void Polite_requests_are_requests()
    {
        var requests = Rows("wishes.tsv").Where(r => r[1] == "request").ToList();

        Assert.True(requests.Count >= 100);
        Assert.All(requests, row => Assert.Contains(Deeds(Of(row[0])), c => c.Exact));
    }

    private static IEnumerable<Understood.Calls> Deeds(Understood understood) => understood is Understood.Calls { Deed: not null } calls ? [calls] : [];

    private static Understood Of(string phrase) => Meaning.Of(phrase, Context.Empty, Lab.Clusters, Lab.Now);

    private static string Said(string phrase) => Of(phrase) switch
    {
        Understood.Calls calls => (calls is { Deed: not null, Exact: false } ? "~ " : "") + Text(calls),
        Understood.Would would => "would " + Text(would.Deed),
        _ => "-",
    };

    private static string Text(Understood.Calls calls) => string.Join(" ; ", calls.All.Select(c => $"{c.Tool} {c.Arguments.ToJsonString()}"));

    private static bool Same(string wanted, string got)
    {
        var (a, b) = (wanted.Split(" ; "), got.Split(" ; "));
        return a.Length == b.Length && a.Zip(b).All(p => One(p.First) is var x && One(p.Second) is var y && x.Tool == y.Tool && JsonNode.DeepEquals(x.Arguments, y.Arguments));

        static (string Tool, JsonNode? Arguments) One(string call) => call.IndexOf('{') is > 0 and var at ? (call[..at].Trim(), JsonNode.Parse(call[at..])) : (call, null);
    }

    private static List<string[]> Rows(string file)
    {
        using var stream = typeof(UnderstandingTests).Assembly.GetManifestResourceStream($"Jarvis.Server.Tests.Agent.{file}")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t'))];
    }
}

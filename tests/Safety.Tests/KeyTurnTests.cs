using Microsoft.Extensions.Time.Testing;

namespace Jarvis.Safety.Tests;

/// <summary>What programs have read, which counts to what they do within a quarter of an hour.</summary>
public sealed class KeyTurnTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly KeyTurns _turns;
    private readonly ToolCatalogue _tools;

    public KeyTurnTests()
    {
        _turns = new(_time);
        _tools = ToolCatalogue.Of(new RigTools(new World()));
    }

    [Fact]
    public void What_a_key_read_counts_to_it_alone_for_a_quarter_of_an_hour()
    {
        var reading = NewTurn();
        reading.Mark("a journal");
        _turns.End("k1", reading, fresh: true);

        Assert.Equal(["a journal"], _turns.Begin("k1", NewTurn()).Taints);
        Assert.False(_turns.Begin("k2", NewTurn()).Tainted);
        _time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromTicks(1));
        Assert.True(_turns.Begin("k1", NewTurn()).Tainted);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(_turns.Begin("k1", NewTurn()).Tainted);
    }

    [Fact]
    public void What_was_only_remembered_is_not_remembered_for_longer()
    {
        var reading = NewTurn();
        reading.Mark("a journal");
        _turns.End("k1", reading, fresh: true);
        _time.Advance(TimeSpan.FromMinutes(10));
        _turns.End("k1", _turns.Begin("k1", NewTurn()), fresh: false);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.False(_turns.Begin("k1", NewTurn()).Tainted);
        _turns.End("k2", NewTurn(), fresh: true);
        Assert.False(_turns.Begin("k2", NewTurn()).Tainted);
    }

    [Fact]
    public void The_newest_eight_sources_are_kept()
    {
        var reading = NewTurn();
        for (var i = 1; i <= 10; i++) reading.Mark($"source {i}");
        _turns.End("k1", reading, fresh: true);
        Assert.Equal(Enumerable.Range(3, 8).Select(i => $"source {i}"), _turns.Begin("k1", NewTurn()).Taints);
    }

    [Fact]
    public void A_tool_with_outside_text_counts_when_its_result_was_given()
    {
        var outside = _tools.Tools.First(t => t.Outside);
        var inside = _tools.Tools.First(t => !t.Outside);
        var verdict = new Verdict(VerdictCode.Allow, "");
        ToolOutcome done = new ToolOutcome.Completed(new ToolOutput("x", false, 1, null), null, null) { AuditId = "1", Verdict = verdict };
        ToolOutcome failed = new ToolOutcome.Failed("x", null, null) { AuditId = "1", Verdict = verdict };
        ToolOutcome refused = new ToolOutcome.Refused { AuditId = "1", Verdict = verdict };

        Assert.Equal([outside.Name], After(outside, done));
        Assert.Equal([outside.Name], After(outside, failed));
        Assert.Empty(After(outside, refused));
        Assert.Empty(After(inside, done));
        Assert.Empty(After(null, done));
        Assert.Equal(["read"], After(inside, done, mark: "read"));
        Assert.Equal(["read"], After(outside, done, mark: "read"));
        Assert.Equal(["read"], After(outside, done, mark: "read", before: 1));
        Assert.Empty(After(inside, done, mark: "read", before: 1));
        Assert.Empty(After(outside, refused, mark: "read", before: 1));
    }

    private IReadOnlyList<string> After(Tool? tool, ToolOutcome outcome, string? mark = null, int before = 0)
    {
        var turns = new KeyTurns(_time);
        var turn = NewTurn();
        if (mark is not null) turn.Mark(mark);
        turns.End("k", turn, before, tool, outcome);
        return turns.Begin("k", NewTurn()).Taints;
    }

    [Fact]
    public void A_source_counts_once()
    {
        var turn = NewTurn();
        turn.Mark("a journal");
        turn.Mark("a journal");
        Assert.Equal(["a journal"], turn.Taints);
    }

    [Theory]
    [InlineData(Tier.Green, Tier.Green)]
    [InlineData(Tier.Yellow, Tier.Yellow)]
    [InlineData(Tier.Red, Tier.Yellow)]
    [InlineData(Tier.Black, Tier.Yellow)]
    public void A_key_does_nothing_above_yellow_unasked(Tier limit, Tier ceiling)
    {
        Assert.Equal(ceiling, (Rig.Mcp with { Limit = limit }).Ceiling);
        Assert.Equal(ceiling, (Rig.Key with { Limit = limit }).Ceiling);
    }

    [Fact]
    public void The_newest_32_long_results_are_kept_and_each_to_four_million_characters()
    {
        var shelf = new OutputShelf(_time);
        var handles = Enumerable.Range(1, 32).Select(i => shelf.Keep($"text {i}", "a")).ToList();
        Assert.Equal("text 1", shelf.Read(handles[0], "a", 0, 100));
        var long1 = shelf.Keep(new string('x', (4 * 1024 * 1024) + 1), "a");
        Assert.Null(shelf.Read(handles[0], "a", 0, 100));
        Assert.Equal("text 2", shelf.Read(handles[1], "a", 0, 100));
        Assert.Equal(4 * 1024 * 1024, shelf.Read(long1, "a", 0, int.MaxValue)!.Length);
        Assert.Matches("^[0-9a-f]{24}$", long1);
    }

    private static Turn NewTurn() => new("mcp", "c");
}

using Jarvis.Server.Agent;
using Jarvis.Server.Agent.Providers;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Tests.Agent.Providers;

public sealed class SpendTests
{
    // 100 tokens sent at 3 USD a million, 1 000 from the cache at 0.3, 20 into it at 3.75, 50 answered at 15
    private const long CostOfHello = 300 + 300 + 75 + 750;
    private static readonly DateOnly Today = new(2026, 6, 30);
    private static readonly Reply Hello = new(new Block.Say("Hello."));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_call_cost_is_told_and_written_down_by_day_conversation_and_model()
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(Hello, Hello, Hello);
        var answer = await rig.AskAsync("Claude");
        Assert.Equal(CostOfHello, answer.Usage!.AdditionalCounts![SpendingClient.CostMicros]);
        await rig.AskAsync("Claude");
        await rig.AskAsync("Qwen");
        Assert.Equal(
            [new SpendLine(Today, "s1", "Qwen", "qwen2.5", 1, 0, 1120, 1000, 0, 50), new SpendLine(Today, "s1", "Claude", "claude-sonnet-4-5", 2, 2 * CostOfHello, 2240, 2000, 40, 100)],
            await rig.Spend.LinesAsync(Today, Today, Stop));
        Assert.Equal(new SpendState(2 * CostOfHello, 2 * CostOfHello, 2_000_000, 30_000_000), await rig.Spend.NowAsync(Stop));
    }

    [Fact]
    public async Task The_day_s_cap_holds_and_the_next_day_begins_anew()
    {
        await using var rig = await ProviderRig.StartAsync(("Agent:DailyUsd", "0.13"));
        rig.Llm.Add([.. Enumerable.Repeat(Hello, 20)]);
        var answered = 0;
        var refused = (ProviderException?)null;
        while (refused is null)
        {
            refused = await Record.ExceptionAsync(() => rig.AskAsync("Claude")) as ProviderException;
            if (refused is null) answered++;
        }

        Assert.InRange(answered, 1, 10);
        Assert.Equal(Trouble.Budget, refused.Trouble);
        Assert.Equal("Claude was not asked: 0.01 USD of today's 0.13 USD are spent (Agent:DailyUsd), and the call could go over.", refused.Message);
        Assert.Equal(answered, rig.Llm.Seen.Count);
        Assert.Equal("Hello.", (await rig.AskAsync("Qwen")).Text);
        rig.Time.Advance(TimeSpan.FromHours(12));
        Assert.Equal("Hello.", (await rig.AskAsync("Claude")).Text);
    }

    [Fact]
    public async Task The_month_s_cap_holds_over_its_days()
    {
        await using var rig = await ProviderRig.StartAsync(("Agent:MonthlyUsd", "1"), ("Agent:DailyUsd", "0.9"));
        rig.Time.SetUtcNow(new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero));
        await SpendAsync(rig, 800_000);
        rig.Time.Advance(TimeSpan.FromDays(30));
        await SpendAsync(rig, 200_000);
        Assert.Contains("1.00 USD of this month's 1.00 USD are spent (Agent:MonthlyUsd)", (await rig.CandidateAsync("Claude")).Skipped, StringComparison.Ordinal);
        rig.Time.Advance(TimeSpan.FromDays(1));
        Assert.Null((await rig.CandidateAsync("Claude")).Skipped);
    }

    [Fact]
    public async Task Many_at_once_do_not_go_over_together()
    {
        await using var rig = await ProviderRig.StartAsync(("Agent:DailyUsd", "1"));
        var took = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(
            async () => await Record.ExceptionAsync(() => rig.Spend.ReserveAsync(new($"s{i}", "Claude", "m"), 90_000, Stop)) is null, Stop)));
        Assert.Equal(11, took.Count(t => t));
        Assert.Equal(990_000, (await rig.Spend.NowAsync(Stop)).Today);
    }

    [Theory]
    [InlineData(529)]
    [InlineData(401)]
    [InlineData(400)]
    public async Task A_call_that_was_turned_away_costs_nothing(int status)
    {
        await using var rig = await ProviderRig.StartAsync(("Agent:Attempts", "1"));
        rig.Llm.Add(new Reply { Status = status });
        await rig.FailAsync("Claude");
        Assert.Empty(await rig.Spend.LinesAsync(Today, Today, Stop));
    }

    [Fact]
    public async Task A_turn_that_broke_off_costs_what_was_sent_and_streamed()
    {
        await using var rig = await ProviderRig.StartAsync(("Agent:Attempts", "1"));
        rig.Llm.Add(Hello with { CutAt = 700, EndsCleanly = true });
        await rig.FailAsync("Claude", new string('x', 3_000_0));
        var line = Assert.Single(await rig.Spend.LinesAsync(Today, Today, Stop));
        Assert.InRange(line.Input, 10_000, 10_200);
        Assert.InRange(line.Micros, 30_000, 31_000);
    }

    [Fact]
    public async Task A_reader_who_goes_away_pays_for_what_came()
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(new Reply(new Block.Say(new string('x', 3_000))));
        await foreach (var update in (await rig.ClientAsync("Claude")).GetStreamingResponseAsync([new(ChatRole.User, "hi")], null, Stop)) if (update.Text.Length > 0) break;
        var line = Assert.Single(await rig.Spend.LinesAsync(Today, Today, Stop));
        Assert.InRange(line.Output, 1, 10);
    }

    [Fact]
    public async Task What_was_reserved_and_never_settled_stays_spent()
    {
        await using var rig = await ProviderRig.StartAsync();
        await rig.Spend.ReserveAsync(new("s", "Claude", "m"), 1_900_000, Stop);
        Assert.Equal(1_900_000, (await rig.Spend.NowAsync(Stop)).Today);
        Assert.Equal(Trouble.Budget, (await rig.FailAsync("Claude")).Trouble);
    }

    [Fact]
    public async Task Without_a_ledger_nothing_is_bought_and_what_is_free_goes_on()
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(Hello);
        await rig.Db.WriteAsync(
            connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = "DROP TABLE spend";
                command.ExecuteNonQuery();
            },
            Stop);
        Assert.Contains("cannot be read", (await rig.CandidateAsync("Claude")).Skipped, StringComparison.Ordinal);
        Assert.Equal("Hello.", (await rig.AskAsync("Qwen")).Text);
    }

    [Fact]
    public async Task A_server_that_hides_its_usage_is_charged_by_estimate()
    {
        await using var rig = await ProviderRig.StartAsync(("Agent:OpenAiCompatible:0:InputPerMillion", "1"), ("Agent:OpenAiCompatible:0:OutputPerMillion", "3"));
        rig.Llm.Add(new Reply(new Block.Say(new string('y', 300))) { HidesUsage = true });
        await rig.AskAsync("Qwen", new string('x', 30_000), new ChatOptions());
        Assert.Equal(new SpendLine(Today, "s1", "Qwen", "qwen2.5", 1, 10_300, 10_000, 0, 0, 100), Assert.Single(await rig.Spend.LinesAsync(Today, Today, Stop)));
    }

    [Fact]
    public async Task The_latest_price_that_has_begun_holds()
    {
        await using var rig = await ProviderRig.StartAsync(
            ("Agent:Prices:0:Model", "claude-sonnet-4-5"), ("Agent:Prices:0:InputPerMillion", "2"), ("Agent:Prices:0:OutputPerMillion", "8"),
            ("Agent:Prices:1:Model", "claude-sonnet-4-5"), ("Agent:Prices:1:From", "2026-07-01"), ("Agent:Prices:1:InputPerMillion", "4"), ("Agent:Prices:1:OutputPerMillion", "16"), ("Agent:Prices:1:CacheReadPerMillion", "0.4"));
        Assert.Equal(new Price(2, 8, 2, 2), (await rig.CandidateAsync("Claude")).Card!.Price);
        rig.Time.Advance(TimeSpan.FromHours(12));
        Assert.Equal(new Price(4, 16, 0.4m, 4), (await rig.CandidateAsync("Claude")).Card!.Price);
    }

    [Theory]
    [InlineData("claude-haiku-4-5", true)]
    [InlineData("claude-haiku-4-5-20251001", true)]
    [InlineData("claude-next-9", false)]
    [InlineData("claude-haiku-4-55", false)]
    public async Task A_model_without_a_price_is_not_asked(string model, bool known)
    {
        await using var rig = await ProviderRig.StartAsync(("Agent:Claude:Model", model));
        var skipped = (await rig.CandidateAsync("Claude")).Skipped;
        Assert.Equal(known ? null : $"Claude was not asked: the price of {model} is not known; give it in Agent:Prices.", skipped);
    }

    [Fact]
    public void A_part_of_a_millionth_counts_as_a_whole() => Assert.Equal(1, new Price(0.001m, 0, 0, 0).Of(new(1, 0, 0, 0)));

    private static async Task SpendAsync(ProviderRig rig, long micros) =>
        await rig.Spend.SettleAsync(await rig.Spend.ReserveAsync(new("s", "Claude", "m"), micros, Stop), new(1, 0, 0, 1), micros);
}

namespace Jarvis.Safety.Tests;

/// <summary>The word that is typed for one ORANGE call.</summary>
public sealed class KeywordTests : IDisposable
{
    private const string Run = """{"node":"pve2","command":"uptime"}""";
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Whoever_has_the_machine_in_hand_takes_the_keyword_away_once()
    {
        Assert.False(_rig.Kernel.Keyword.ForgetAtHost());
        await _rig.SetKeyword();
        Assert.True(_rig.Kernel.Keyword.ForgetAtHost());
        Assert.False(_rig.Kernel.Keyword.IsSet);
        Assert.False(_rig.Kernel.Keyword.ForgetAtHost());
        Assert.Equal("KEYWORD_CLEARED", _rig.Kernel.Audit.Read(limit: 1)[0].Verdict);
    }

    [Fact]
    public async Task Without_a_keyword_orange_is_refused_and_says_where_to_set_it()
    {
        var outcome = Assert.IsType<ToolOutcome.Refused>(await _rig.Invoke("execute_command", Run, Rig.Otto));
        Assert.Equal("No approval keyword is set; an administrator sets it in the settings.", outcome.Why);
    }

    [Fact]
    public async Task Only_an_administrator_sets_it()
    {
        foreach (var caller in new Caller[] { Rig.Otto, Rig.Model with { Role = Role.Admin }, Rig.Key with { Role = Role.Admin }, Rig.Otto with { Role = Role.Admin }, Rig.Anna with { Role = Role.Operator } })
        {
            Assert.Equal("DENY_ROLE", (await _rig.Kernel.Keyword.SetAsync(Rig.Word, caller, Rig.Cancel)).Name);
        }
        Assert.Equal("DENY_ARGS", (await _rig.Kernel.Keyword.SetAsync("short", Rig.Anna, Rig.Cancel)).Name);
        Assert.False(_rig.Kernel.Keyword.IsSet);
        await _rig.SetKeyword();
        Assert.True(_rig.Kernel.Keyword.IsSet);
        Assert.True((await _rig.Kernel.Keyword.SetAsync(null, Rig.Anna, Rig.Cancel)).Allows);
        Assert.False(_rig.Kernel.Keyword.IsSet);
    }

    [Fact]
    public async Task An_orange_call_runs_with_the_right_word_for_that_one_call()
    {
        await _rig.SetKeyword();
        var approval = await _rig.Wait("execute_command", Run, Rig.Otto with { Confirmed = true });
        Assert.True(approval.KeywordRequired);
        foreach (var wrong in new[] { null, "", "Correct horse", Rig.Word + " " }) Assert.Equal("NEEDS_FACTOR", Rig.Code(await _rig.Approve(approval, keyword: wrong)));
        Assert.Empty(_rig.World.Done);
        Assert.IsType<ToolOutcome.Completed>(await _rig.Approve(approval, keyword: Rig.Word));
        var next = await _rig.Wait("execute_command", Run, Rig.Otto);
        Assert.Equal("NEEDS_FACTOR", Rig.Code(await _rig.Approve(next)));
    }

    [Fact]
    public async Task Five_wrong_words_lock_it_for_a_quarter_of_an_hour_over_a_restart()
    {
        await _rig.SetKeyword();
        for (var i = 0; i < 5; i++) Assert.Equal("NEEDS_FACTOR", Rig.Code(await _rig.Approve(await _rig.Wait("execute_command", Run, Rig.Otto), keyword: "wrong word")));
        var approval = await _rig.Wait("execute_command", Run, Rig.Otto);
        _rig.Reopen();
        Assert.Equal("NEEDS_FACTOR", Rig.Code(await _rig.Approve(approval, keyword: Rig.Word)));
        _rig.Time.Advance(TimeSpan.FromMinutes(15));
        Assert.IsType<ToolOutcome.Completed>(await _rig.Approve(await _rig.Wait("execute_command", Run, Rig.Otto), keyword: Rig.Word));
        Assert.Equal(["run uptime on pve2"], _rig.World.Done);
    }

    [Fact]
    public async Task C24_the_word_counts_in_the_approvals_own_field_alone()
    {
        await _rig.SetKeyword();
        var turn = new Turn("chat", Rig.Word) { Reason = Rig.Word };
        var approval = await _rig.Wait("execute_command", $$"""{"node":"pve2","command":"{{Rig.Word}}"}""", Rig.Model, turn);
        Assert.Equal("NEEDS_FACTOR", Rig.Code(await _rig.Kernel.Approvals.DecideAsync(approval.Id, new Decision.Approve(Seen: approval.Seen), Rig.Otto, Rig.Cancel)));
        Assert.Equal("NEEDS_FACTOR", Rig.Code(await _rig.Approve(approval)));
        Assert.Empty(_rig.World.Done);
    }

    [Fact]
    public async Task C24_an_approval_made_milder_in_the_file_does_not_pass_without_the_word()
    {
        await _rig.SetKeyword();
        var approval = await _rig.Wait("execute_command", Run, Rig.Model);
        _rig.Tamper($"UPDATE approvals SET verdict = {(int)VerdictCode.NeedsHuman}, tier = {(int)Tier.Red}");
        Assert.Equal("DENY_STATE", Rig.Code(await _rig.Approve(approval)));
        Assert.Empty(_rig.World.Done);
    }

    [Fact]
    public async Task The_word_stands_nowhere_in_the_folder()
    {
        await _rig.SetKeyword();
        await _rig.Approve(await _rig.Wait("execute_command", Run, Rig.Otto), keyword: Rig.Word);
        await _rig.Approve(await _rig.Wait("execute_command", Run, Rig.Otto), keyword: "almost the word");
        Assert.DoesNotContain(Rig.Word, new Decision.Approve(Keyword: Rig.Word).ToString(), StringComparison.Ordinal);
        _rig.Kernel.Dispose();
        foreach (var file in Directory.EnumerateFiles(_rig.Folder))
        {
            var bytes = await File.ReadAllBytesAsync(file, Rig.Cancel);
            Assert.Equal(-1, bytes.AsSpan().IndexOf("correct horse"u8));
            Assert.Equal(-1, bytes.AsSpan().IndexOf("almost the word"u8));
            if (!OperatingSystem.IsWindows() && !file.EndsWith("-shm", StringComparison.Ordinal) && !file.EndsWith("-wal", StringComparison.Ordinal)) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }
}

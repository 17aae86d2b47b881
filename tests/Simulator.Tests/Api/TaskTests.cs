using System.Text.RegularExpressions;

namespace Jarvis.Simulator.Tests.Api;

public sealed partial class TaskTests
{
    [Fact]
    public async Task A_task_has_a_proper_name_and_no_exit_status_while_it_runs()
    {
        await using var rig = await Rig.StartAsync();
        var upid = (await rig.PostAsync("/nodes/pve3/qemu/105/status/start")).Data.GetString()!;
        Assert.Matches(Upid(), upid);
        var running = (await rig.GetAsync($"/nodes/pve3/tasks/{upid}/status")).Data;
        Assert.Equal("running", running.GetProperty("status").GetString());
        Assert.False(running.TryGetProperty("exitstatus", out _));
        rig.Pass(30);
        var ended = (await rig.GetAsync($"/nodes/pve3/tasks/{upid}/status")).Data;
        Assert.Equal(("stopped", "OK"),
            (ended.GetProperty("status").GetString(), ended.GetProperty("exitstatus").GetString()));
        Assert.False(ended.TryGetProperty("endtime", out _));
    }

    [Fact]
    public async Task The_log_ends_with_the_outcome_and_comes_in_pages()
    {
        await using var rig = await Rig.StartAsync();
        var accepted = await rig.PostAsync("/nodes/pve3/vzdump", ("vmid", "105"), ("storage", "nfs"));
        Assert.Equal("OK", await rig.FinishAsync(accepted, 3600));
        var path = $"/nodes/pve3/tasks/{accepted.Data.GetString()}/log";
        var all = await rig.GetAsync(path + "?limit=0");
        var total = all.Root.GetProperty("total").GetInt32();
        Assert.Equal(total, all.Data.GetArrayLength());
        Assert.Equal("TASK OK", all.Data[total - 1].GetProperty("t").GetString());
        Assert.Equal(1, all.Data[0].GetProperty("n").GetInt32());
        var page = await rig.GetAsync(path + "?start=1&limit=2");
        Assert.Equal([2, 3], page.Data.EnumerateArray().Select(l => l.GetProperty("n").GetInt32()));
    }

    [Fact]
    public async Task An_empty_log_has_one_line()
    {
        await using var rig = await Rig.StartAsync();
        var upid = (await rig.PostAsync("/nodes/pve3/qemu/105/status/start")).Data.GetString()!;
        var log = (await rig.GetAsync($"/nodes/pve3/tasks/{upid}/log")).Data;
        Assert.Equal("no content", log[0].GetProperty("t").GetString());
    }

    [Fact]
    public async Task A_failed_task_names_its_error_in_the_log_and_the_list()
    {
        await using var rig = await Rig.StartAsync();
        var accepted = await rig.PostAsync("/nodes/pve2/qemu/102/status/start");
        await rig.FinishAsync(accepted);
        var log = (await rig.GetAsync($"/nodes/pve2/tasks/{accepted.Data.GetString()}/log")).Data;
        Assert.Equal("TASK ERROR: VM 102 already running", log[log.GetArrayLength() - 1].GetProperty("t").GetString());
        var row = (await rig.GetAsync("/nodes/pve2/tasks?errors=1&limit=5")).Row("upid", accepted.Data.GetString()!);
        Assert.Equal("VM 102 already running", row.GetProperty("status").GetString());
        Assert.True(row.GetProperty("endtime").GetInt64() >= row.GetProperty("starttime").GetInt64());
    }

    [Fact]
    public async Task The_archive_hides_running_tasks_and_all_shows_them()
    {
        await using var rig = await Rig.StartAsync();
        var upid = (await rig.PostAsync("/nodes/pve3/qemu/105/status/start")).Data.GetString()!;
        Assert.DoesNotContain(upid, (await rig.GetAsync("/nodes/pve3/tasks")).Text, StringComparison.Ordinal);
        Assert.Equal("RUNNING", (await rig.GetAsync("/nodes/pve3/tasks?source=active")).Row("upid",
            upid).GetProperty("status").GetString());
        Assert.Equal("RUNNING", (await rig.GetAsync("/nodes/pve3/tasks?source=all")).Row("upid",
            upid).GetProperty("status").GetString());
        var row = (await rig.GetAsync("/cluster/tasks")).Row("upid", upid);
        Assert.False(row.TryGetProperty("status", out _));
        Assert.False(row.TryGetProperty("endtime", out _));
        Assert.Equal("0", row.GetProperty("saved").GetString());
    }

    [Fact]
    public async Task Lists_are_newest_first_filtered_and_counted()
    {
        await using var rig = await Rig.StartAsync();
        await rig.FinishAsync(await rig.PostAsync("/nodes/pve3/qemu/105/status/start"));
        await rig.FinishAsync(await rig.PostAsync("/nodes/pve3/qemu/105/status/stop"));
        var list = await rig.GetAsync("/nodes/pve3/tasks?vmid=105&limit=2");
        Assert.Equal(["qmstop", "qmstart"], list.Data.EnumerateArray().Select(t => t.GetProperty("type").GetString()));
        Assert.True(list.Root.GetProperty("total").GetInt32() >= 2);
        var typed = await rig.GetAsync("/nodes/pve3/tasks?typefilter=qmstop&vmid=105");
        Assert.All(typed.Data.EnumerateArray(), t => Assert.Equal("qmstop", t.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task A_stopped_task_was_interrupted()
    {
        await using var rig = await Rig.StartAsync();
        var accepted = await rig.PostAsync("/nodes/pve2/vzdump", ("vmid", "102"), ("storage", "nfs"));
        rig.Pass(5);
        var path = $"/nodes/pve2/tasks/{accepted.Data.GetString()}";
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await rig.DeleteAsync(path)).Data.ValueKind);
        Assert.Equal("interrupted by signal",
            (await rig.GetAsync(path + "/status")).Data.GetProperty("exitstatus").GetString());
    }

    [Fact]
    public async Task A_task_is_only_known_on_the_node_in_its_name()
    {
        await using var rig = await Rig.StartAsync();
        var upid = (await rig.PostAsync("/nodes/pve3/qemu/105/status/start")).Data.GetString()!;
        Assert.Equal("no such task", (await rig.GetAsync($"/nodes/pve1/tasks/{upid}/status")).Error("upid"));
    }

    [Fact]
    public async Task A_backup_shows_its_progress_holds_a_lock_and_leaves_a_file()
    {
        await using var rig = await Rig.StartAsync();
        var accepted = await rig.PostAsync("/nodes/pve2/vzdump", ("vmid", "102"), ("storage", "nfs"));
        rig.Pass(5);
        Assert.Equal("backup", (await rig.GetAsync("/nodes/pve2/qemu/102/status/current")).Data.GetProperty("lock").GetString());
        Assert.Equal("OK", await rig.FinishAsync(accepted, 7200));
        var log = (await rig.GetAsync($"/nodes/pve2/tasks/{accepted.Data.GetString()}/log?limit=0")).Text;
        Assert.Matches(Progress(), log);
        var files = await rig.GetAsync("/nodes/pve2/storage/nfs/content?content=backup&vmid=102");
        Assert.Contains("vzdump-qemu-102-", files.Text, StringComparison.Ordinal);
        Assert.False((await rig.GetAsync("/nodes/pve2/qemu/102/status/current")).Data.TryGetProperty("lock", out _));
    }

    [Fact]
    public async Task A_backup_with_nothing_to_do_on_this_node_says_ok()
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal("OK", (await rig.PostAsync("/nodes/pve1/vzdump", ("vmid", "102"),
            ("storage", "nfs"))).Data.GetString());
    }

    [GeneratedRegex("^UPID:([a-zA-Z0-9]([a-zA-Z0-9\\-]*[a-zA-Z0-9])?):([0-9A-F]{8}):([0-9A-F]{8,9}):([0-9A-F]{8}):([^:\\s/]+):([^:\\s/]*):([^:\\s/]+):$")]
    private static partial Regex Upid();

    [GeneratedRegex("INFO: +[0-9]+% \\(")]
    private static partial Regex Progress();
}

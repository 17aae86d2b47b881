using System.Net;
using System.Text.Json;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Tests.Cluster;

public sealed class LookupTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_shows_its_settings_and_snapshots_without_secrets_and_asks_once_for_all_who_look()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        await PostAsync(rig, "/api2/json/nodes/pve1/qemu/100/config", ("cipassword", "hunter2hunter2"));
        await PostAsync(rig, "/api2/json/nodes/pve1/qemu/100/snapshot", ("snapname", "before"), ("description", "before the upgrade"));
        var cluster = rig.Clusters.Only!;
        await rig.SeesAsync(cluster, v => v.Tasks.Any(t => t.Type == "qmsnapshot" && t.State is TaskState.Ok));

        var config = await rig.AskAsync("/api/clusters/lab1/guests/100/config");
        var entries = config.GetProperty("entries").EnumerateArray().ToDictionary(e => e.GetProperty("key").GetString()!, e => e.GetProperty("value").GetString());
        Assert.Equal("web", entries["name"]);
        Assert.Equal("********", entries["cipassword"]);
        Assert.DoesNotContain("hunter2", config.GetRawText(), StringComparison.Ordinal);

        var snapshots = (await rig.AskAsync("/api/clusters/lab1/guests/100/snapshots")).EnumerateArray().ToList();
        var calls = (await rig.AskAsync("/api/clusters/lab1/observer")).GetProperty("calls").GetInt32();
        await rig.AskAsync("/api/clusters/lab1/guests/100/snapshots");
        Assert.Equal(calls, (await rig.AskAsync("/api/clusters/lab1/observer")).GetProperty("calls").GetInt32());
        Assert.Equal(["before", "current"], snapshots.Select(s => s.GetProperty("name").GetString()));
        Assert.Equal("before the upgrade", snapshots[0].GetProperty("description").GetString());
        Assert.Equal(JsonValueKind.String, snapshots[0].GetProperty("at").ValueKind);
        Assert.Equal(("before", true), (snapshots[1].GetProperty("parent").GetString(), snapshots[1].GetProperty("current").GetBoolean()));
    }

    [Fact]
    public async Task Backups_and_content_of_storages_are_shown_newest_first()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        var storage = rig.Clusters.Only!.Current.View.Storages.First(s => s.Content.Contains("backup") && s.Status is StorageStatus.Available);
        await PostAsync(rig, "/api2/json/nodes/pve1/vzdump", ("vmid", "101"), ("storage", storage.Name), ("mode", "snapshot"), ("notes-template", "by hand"));
        await rig.SeesAsync(rig.Clusters.Only!, v => v.Tasks.Any(t => t.Type == "vzdump" && t.Target is "101" && t.State is TaskState.Ok));

        var backups = (await rig.AskAsync("/api/clusters/lab1/guests/101/backups")).GetProperty("items").EnumerateArray().ToList();
        Assert.NotEmpty(backups);
        Assert.Equal(backups.Select(b => b.GetProperty("at").GetDateTimeOffset()).OrderDescending(), backups.Select(b => b.GetProperty("at").GetDateTimeOffset()));
        Assert.Equal("by hand", backups[0].GetProperty("notes").GetString());

        var page = await rig.AskAsync($"/api/clusters/lab1/storages/{storage.Name}/content?node=pve1");
        Assert.False(page.GetProperty("more").GetBoolean());
        var volume = page.GetProperty("items").EnumerateArray().First(v => v.GetProperty("volume").GetString() == backups[0].GetProperty("volume").GetString());
        Assert.Equal(("backup", 101), (volume.GetProperty("kind").GetString(), volume.GetProperty("vmid").GetInt32()));
    }

    [Fact]
    public async Task A_store_of_backups_that_is_away_is_never_taken_for_an_empty_one()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        var cluster = rig.Clusters.Only!;
        await rig.Simulators[0].AddFaultAsync("storage-offline", "nfs", null, Stop);
        await rig.SeesAsync(cluster, v => v.Storages.Single(s => s.Id == "nfs").Status is not StorageStatus.Available);

        var some = await rig.AskAsync("/api/clusters/lab1/guests/101/backups");
        Assert.Equal(["nfs"], some.GetProperty("unread").EnumerateArray().Select(u => u.GetProperty("storage").GetString()));
        Assert.NotEqual("", some.GetProperty("unread")[0].GetProperty("why").GetString());

        await rig.Simulators[0].AddFaultAsync("storage-offline", "local", null, Stop);
        await rig.SeesAsync(cluster, v => v.Storages.Where(s => s.Content.Contains("backup")).All(s => s.Status is not StorageStatus.Available));
        using var none = await rig.AskAsync(HttpMethod.Get, "/api/clusters/lab1/guests/101/backups");
        var problem = await Problem.Is(HttpStatusCode.BadGateway, "STORAGE_UNREADABLE", none);
        Assert.Contains("nfs", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_fails_to_answer_does_not_hide_the_backups_of_the_others()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        await rig.Simulators[0].AddFaultAsync("errors", "*", new Dictionary<string, string> { ["path"] = "/nodes/pve3/storage" }, Stop);

        var list = await rig.AskAsync("/api/clusters/lab1/guests/101/backups");

        Assert.Equal(["pve3/local"], list.GetProperty("unread").EnumerateArray().Select(u => u.GetProperty("storage").GetString()));
    }

    [Fact]
    public async Task A_shared_store_is_asked_on_a_node_that_has_it()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        await PostAsync(rig, "/api2/json/nodes/pve1/vzdump", ("vmid", "101"), ("storage", "nfs"), ("mode", "snapshot"));
        await rig.SeesAsync(rig.Clusters.Only!, v => v.Tasks.Any(t => t.Type == "vzdump" && t.Target is "101" && t.State is TaskState.Ok));
        await rig.Simulators[0].AddFaultAsync("storage-offline", "nfs", new Dictionary<string, string> { ["node"] = "pve1" }, Stop);
        await rig.SeesAsync(rig.Clusters.Only!, v => v.Storages.Single(s => s.Id == "nfs") is { SeenFrom: not "pve1", Status: StorageStatus.Available });

        var backups = await rig.AskAsync("/api/clusters/lab1/guests/101/backups");
        var content = await rig.AskAsync("/api/clusters/lab1/storages/nfs/content?node=pve1");

        Assert.Empty(backups.GetProperty("unread").EnumerateArray());
        Assert.Contains("nfs", backups.GetProperty("items").EnumerateArray().Select(b => b.GetProperty("storage").GetString()));
        Assert.NotEmpty(content.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_task_shows_its_log_by_pages()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        await PostAsync(rig, "/api2/json/nodes/pve1/qemu/100/snapshot", ("snapname", "one"));
        var seen = await rig.SeesAsync(rig.Clusters.Only!, v => v.Tasks.Any(t => t.Type == "qmsnapshot" && t.State is TaskState.Ok));
        var upid = seen.View.Tasks.Single(t => t.Type == "qmsnapshot").Upid;

        var whole = await rig.AskAsync($"/api/clusters/lab1/tasks/{Uri.EscapeDataString(upid)}/log");
        Assert.Equal((upid, "stopped", "OK", JsonValueKind.Null), (whole.GetProperty("upid").GetString(), whole.GetProperty("status").GetString(), whole.GetProperty("exit").GetString(), whole.GetProperty("next").ValueKind));
        Assert.Equal("TASK OK", whole.GetProperty("lines").EnumerateArray().Last().GetString());

        var first = await rig.AskAsync($"/api/clusters/lab1/tasks/{Uri.EscapeDataString(upid)}/log?limit=1");
        Assert.Equal((1, 1), (first.GetProperty("lines").GetArrayLength(), first.GetProperty("next").GetInt32()));
    }

    [Theory]
    [InlineData("guests/9999/config", 404, "GUEST_UNKNOWN")]
    [InlineData("storages/nowhere/content", 404, "STORAGE_UNKNOWN")]
    [InlineData("storages/local/content", 400, "NODE_REQUIRED")]
    [InlineData("storages/local/content?node=mars", 404, "STORAGE_UNKNOWN")]
    [InlineData("tasks/abc/log", 400, "TASK_FORM")]
    [InlineData("tasks/UPID:mars:00000001:00000001:65000000:vzdump:100:root@pam:/log", 404, "TASK_UNKNOWN")]
    [InlineData("tasks/UPID:pve1:00000001:00000001:65000000:vzdump:100:root@pam:/log?limit=0", 400, "LOG_RANGE")]
    public async Task What_is_not_there_is_told(string path, int status, string code)
    {
        await using var rig = await ClusterRig.StartAsync(1);

        using var answer = await rig.AskAsync(HttpMethod.Get, $"/api/clusters/lab1/{path}");

        await Problem.Is((HttpStatusCode)status, code, answer);
    }

    [Fact]
    public async Task What_the_token_may_not_see_is_refused_with_the_line_that_grants_it()
    {
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1);
        var cluster = await rig.AddAsync("lab", host);
        using (var changed = await rig.AskAsync(HttpMethod.Patch, "/api/clusters/lab", new { token = await FirstContactTests.TokenWithoutRightsAsync(host) })) changed.EnsureSuccessStatusCode();

        using var answer = await rig.AskAsync(HttpMethod.Get, $"/api/clusters/lab/guests/{cluster.Current.View.Guests[0].Vmid}/config");

        var problem = await Problem.Is(HttpStatusCode.Forbidden, "PROXMOX_FORBIDDEN", answer);
        Assert.Contains("pveum acl modify /vms/100 --roles PVEAuditor --tokens 'root@pam!bare'", problem.GetProperty("cure").EnumerateArray().Select(c => c.GetString()));
    }

    [Fact]
    public async Task Backups_that_proxmox_hides_from_the_token_are_not_taken_for_none()
    {
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1);
        var token = await FirstContactTests.TokenWithoutRightsAsync(host);
        using var http = FirstContactTests.HttpOf(host);
        await GrantAsync(http, "PVEAuditor");
        await rig.AddAsync("lab", host, token);

        using var hidden = await rig.AskAsync(HttpMethod.Get, "/api/clusters/lab/guests/101/backups");
        var problem = await Problem.Is(HttpStatusCode.Forbidden, "PROXMOX_FORBIDDEN", hidden);
        var role = problem.GetProperty("cure")[0].GetString()!.Split('\'')[1];
        using (var made = await http.PostAsync(new Uri("/api2/json/access/roles", UriKind.Relative), new FormUrlEncodedContent([new("roleid", "BackupReader"), new("privs", role)]), Stop)) made.EnsureSuccessStatusCode();
        await GrantAsync(http, "BackupReader");
        rig.Server.Time.Advance(TimeSpan.FromSeconds(11));

        await rig.AskAsync("/api/clusters/lab/guests/101/backups");
    }

    [Fact]
    public async Task What_proxmox_fails_to_tell_is_told_in_its_words()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        await rig.Simulators[0].AddFaultAsync("errors", "*", new Dictionary<string, string> { ["path"] = "/nodes" }, Stop);

        using var answer = await rig.AskAsync(HttpMethod.Get, "/api/clusters/lab1/guests/100/config");

        await Problem.Is(HttpStatusCode.BadGateway, "PROXMOX_FAILED", answer);
    }

    [Fact]
    public async Task Looking_stays_within_the_budget()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        List<HttpStatusCode> answers = [];
        foreach (var guest in rig.Clusters.Only!.Current.View.Guests)
        {
            foreach (var what in (string[])["config", "snapshots", "backups"])
            {
                using var answer = await rig.AskAsync(HttpMethod.Get, $"/api/clusters/lab1/guests/{guest.Vmid}/{what}");
                answers.Add(answer.StatusCode);
            }
        }

        Assert.Contains(HttpStatusCode.OK, answers);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
    }

    private static async Task GrantAsync(HttpClient http, string role)
    {
        using var granted = await http.PutAsync(
            new Uri("/api2/json/access/acl", UriKind.Relative), new FormUrlEncodedContent([new("path", "/"), new("roles", role), new("tokens", "root@pam!bare")]), Stop);
        granted.EnsureSuccessStatusCode();
    }

    private static async Task PostAsync(ClusterRig rig, string path, params (string Name, string Value)[] form)
    {
        using var http = FirstContactTests.HttpOf(rig.Simulators[0]);
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value))), Stop);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.ReasonPhrase} {await answer.Content.ReadAsStringAsync(Stop)}");
    }
}

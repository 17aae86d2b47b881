namespace Jarvis.Simulator.Tests.Api;

public sealed class AccessTests
{
    [Theory]
    [InlineData("PVEAPIToken=" + Rig.Token, 200)]
    [InlineData("PVEAPIToken " + Rig.Token, 200)]
    [InlineData("PVEAPIToken=root%40pam!test=" + Rig.Secret, 200)]
    [InlineData("PVEAPIToken=root@pam!test=22222222-2222-3333-4444-555555555555", 401)]
    [InlineData("PVEAPIToken=root@pam!nope=" + Rig.Secret, 401)]
    [InlineData("PVEAPIToken=nobody@pam!test=" + Rig.Secret, 401)]
    [InlineData("Bearer x", 401)]
    [InlineData(null, 401)]
    public async Task Tokens_are_taken_with_equals_or_space_and_only_when_right(string? header, int status)
    {
        await using var rig = await Rig.StartAsync();
        rig.Authorization = header;
        Assert.Equal(status, (await rig.GetAsync("/version")).Status);
    }

    [Fact]
    public async Task A_bad_token_gets_an_empty_401()
    {
        await using var rig = await Rig.StartAsync();
        rig.Authorization = "PVEAPIToken=root@pam!x=y";
        var reply = await rig.GetAsync("/version");
        Assert.Equal((401, "Authentication failed!", ""), (reply.Status, reply.Reason, reply.Text));
    }

    [Theory]
    [InlineData("root@pam", "wrong")]
    [InlineData("ghost@pam", Rig.Password)]
    public async Task A_failed_sign_in_does_not_say_why(string user, string password)
    {
        await using var rig = await Rig.StartAsync();
        rig.Authorization = null;
        var reply = await rig.PostAsync("/access/ticket", ("username", user), ("password", password));
        Assert.Equal((401, "authentication failure"), (reply.Status, reply.Reason));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, reply.Data.ValueKind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_ticket_works_as_a_cookie_encoded_or_raw(bool encoded)
    {
        await using var rig = await Rig.StartAsync();
        var (ticket, _) = await SignInAsync(rig);
        Assert.Matches("^PVE:root@pam:[0-9A-F]{8}::[^:\\s]+$", ticket);
        var request = rig.Request("GET", "/version");
        request.Headers.TryAddWithoutValidation("Cookie", encoded
            ? "PVEAuthCookie=" + Uri.EscapeDataString(ticket) : $"PVEAuthCookie={ticket}; version=0; path=/; domain=x");
        Assert.Equal(200, (await rig.SendAsync(request)).Status);
    }

    [Fact]
    public async Task A_ticket_works_in_the_authorization_header()
    {
        await using var rig = await Rig.StartAsync();
        var (ticket, _) = await SignInAsync(rig);
        rig.Authorization = "PVEAuthCookie=" + Uri.EscapeDataString(ticket);
        Assert.Equal(200, (await rig.GetAsync("/version")).Status);
    }

    [Fact]
    public async Task Writing_by_ticket_needs_the_csrf_token()
    {
        await using var rig = await Rig.StartAsync();
        var (ticket, csrf) = await SignInAsync(rig);
        Assert.Matches("^[0-9A-F]{8}:[A-Za-z0-9+/]{43}$", csrf);
        var without = await PostAsync(rig, ticket, null);
        Assert.Equal((401, "Permission denied - invalid csrf token"), (without.Status, without.Reason));
        var forged = csrf[..9] + (csrf[9] == 'A' ? 'B' : 'A') + csrf[10..];
        Assert.Equal(401, (await PostAsync(rig, ticket, forged)).Status);
        Assert.Equal(200, (await PostAsync(rig, ticket, csrf)).Status);
    }

    [Fact]
    public async Task A_ticket_lives_two_hours_and_can_be_renewed_with_itself()
    {
        await using var rig = await Rig.StartAsync();
        var (ticket, _) = await SignInAsync(rig);
        rig.Pass(7100);
        Assert.Equal(200, (await WithTicketAsync(rig, ticket)).Status);
        var renewed = await rig.PostAsync("/access/ticket", ("username", "root@pam"), ("password", ticket));
        Assert.Equal(200, renewed.Status);
        rig.Pass(200);
        Assert.Equal((401, "permission denied - invalid PVE ticket"), await BriefAsync(rig, ticket));
        Assert.Equal(200, (await WithTicketAsync(rig, renewed.Data.GetProperty("ticket").GetString()!)).Status);
    }

    [Fact]
    public async Task A_tampered_ticket_is_refused()
    {
        await using var rig = await Rig.StartAsync();
        var (ticket, _) = await SignInAsync(rig);
        Assert.Equal(401, (await WithTicketAsync(rig,
            ticket.Replace("root@pam", "ruth@pam", StringComparison.Ordinal))).Status);
    }

    [Fact]
    public async Task A_token_may_not_ask_for_a_ticket_or_change_a_password()
    {
        await using var rig = await Rig.StartAsync();
        var reply = await rig.PutAsync("/access/password", ("userid", "root@pam"), ("password", "another one"));
        Assert.Equal(
            (403, "Permission check failed (URI '/access/password' not available with API token, need proper ticket.)"), (reply.Status, reply.Reason));
    }

    [Fact]
    public async Task A_separated_token_without_acl_sees_empty_lists_and_no_numbers()
    {
        await using var rig = await Rig.StartAsync();
        await MakeTokenAsync(rig, "bare", true);
        Assert.Equal(0, (await rig.GetAsync("/nodes/pve1/qemu")).Data.GetArrayLength());
        Assert.Equal(0, (await rig.GetAsync("/cluster/resources?type=vm")).Data.GetArrayLength());
        Assert.Equal(0, (await rig.GetAsync("/storage")).Data.GetArrayLength());
        var node = (await rig.GetAsync("/nodes")).Row("node", "pve1");
        Assert.Equal("online", node.GetProperty("status").GetString());
        Assert.False(node.TryGetProperty("cpu", out _));
        Assert.Equal("{}", (await rig.GetAsync("/access/permissions")).Data.GetRawText());
        var denied = await rig.GetAsync("/cluster/status");
        Assert.Equal((403, "Permission check failed (/, Sys.Audit)"), (denied.Status, denied.Reason));
    }

    [Fact]
    public async Task An_unseparated_token_has_its_owners_rights()
    {
        await using var rig = await Rig.StartAsync();
        await MakeTokenAsync(rig, "full", false);
        Assert.Equal(200, (await rig.GetAsync("/cluster/status")).Status);
    }

    [Fact]
    public async Task An_auditor_sees_everything_and_may_do_nothing()
    {
        await using var rig = await Rig.StartAsync();
        await MakeTokenAsync(rig, "eye", true, ("/", "PVEAuditor", true));
        Assert.Equal(8, (await rig.GetAsync("/cluster/resources?type=vm")).Data.GetArrayLength());
        Assert.Equal(200, (await rig.GetAsync("/nodes/pve1/status")).Status);
        var start = await rig.PostAsync("/nodes/pve3/qemu/105/status/start");
        Assert.Equal((403, "Permission check failed (/vms/105, VM.PowerMgmt)"), (start.Status, start.Reason));
        Assert.Equal(403, (await rig.GetAsync("/nodes/pve1/journal")).Status);
        Assert.Equal(403, (await rig.GetAsync("/nodes/pve1/apt/update")).Status);
    }

    [Fact]
    public async Task A_missing_privilege_hides_whether_the_guest_exists()
    {
        await using var rig = await Rig.StartAsync();
        await MakeTokenAsync(rig, "bare", true);
        var reply = await rig.GetAsync("/nodes/pve1/qemu/4711/status/current");
        Assert.Equal((403, "Permission check failed (/vms/4711, VM.Audit)"), (reply.Status, reply.Reason));
    }

    [Theory]
    [InlineData("/vms/105", true, 1)]
    [InlineData("/pool/prod", true, 2)]
    [InlineData("/vms", false, 0)]
    [InlineData("/vms", true, 8)]
    public async Task Acls_reach_down_only_when_they_propagate(string path, bool propagate, int visible)
    {
        await using var rig = await Rig.StartAsync();
        await MakeTokenAsync(rig, "some", true, (path, "PVEVMUser", propagate));
        Assert.Equal(visible, (await rig.GetAsync("/cluster/resources?type=vm")).Data.GetArrayLength());
    }

    [Fact]
    public async Task NoAccess_on_a_deeper_path_takes_the_rights_away()
    {
        await using var rig = await Rig.StartAsync();
        await MakeTokenAsync(rig, "most", true, ("/vms", "PVEVMUser", true), ("/vms/105", "NoAccess", true));
        Assert.Equal(7, (await rig.GetAsync("/cluster/resources?type=vm")).Data.GetArrayLength());
    }

    [Fact]
    public async Task A_group_gives_its_rights_to_its_members_and_permissions_show_the_propagate_flag()
    {
        await using var rig = await Rig.StartAsync();
        await rig.SignInAsync();
        await rig.PostAsync("/access/groups", ("groupid", "ops"));
        await rig.PostAsync("/access/users", ("userid", "ann@pve"), ("password", "long enough"), ("groups", "ops"));
        await rig.PutAsync("/access/acl", ("path", "/"), ("roles", "PVEAuditor"), ("groups", "ops"),
            ("propagate", "0"));
        var made = await rig.PostAsync("/access/users/ann@pve/token/tt", ("privsep", "0"));
        rig.UseToken($"ann@pve!tt={made.Data.GetProperty("value").GetString()}");
        var permissions = (await rig.GetAsync("/access/permissions")).Data;
        Assert.Equal(0, permissions.GetProperty("/").GetProperty("Sys.Audit").GetInt32());
        Assert.False(permissions.TryGetProperty("/vms", out _));
        Assert.Equal(200, (await rig.GetAsync("/cluster/status")).Status);
        Assert.Equal(403, (await rig.GetAsync("/nodes/pve1/status")).Status);
    }

    [Fact]
    public async Task A_disabled_user_and_an_expired_token_are_locked_out()
    {
        await using var rig = await Rig.StartAsync();
        await rig.SignInAsync();
        await rig.PostAsync("/access/users", ("userid", "ann@pve"), ("password", "long enough"));
        var expire = rig.Clock.GetUtcNow().ToUnixTimeSeconds() + 60;
        var made = await rig.PostAsync("/access/users/ann@pve/token/tt", ("privsep", "0"), ("expire", $"{expire}"));
        var token = $"PVEAPIToken=ann@pve!tt={made.Data.GetProperty("value").GetString()}";
        Assert.Equal(200, await StatusAsync(rig, token));
        rig.Pass(61);
        Assert.Equal(401, await StatusAsync(rig, token));
        await rig.PutAsync("/access/users/ann@pve", ("enable", "0"));
        rig.Authorization = null;
        Assert.Equal(401, (await rig.PostAsync("/access/ticket", ("username", "ann@pve"),
            ("password", "long enough"))).Status);
    }

    [Fact]
    public async Task Tokens_of_others_are_managed_by_ticket_only()
    {
        await using var rig = await Rig.StartAsync();
        await rig.PostAsync("/access/users", ("userid", "ann@pve"));
        Assert.Equal(403, (await rig.PostAsync("/access/users/ann@pve/token/tt")).Status);
    }

    [Fact]
    public async Task A_revoked_token_stops_working_until_the_fault_ends()
    {
        await using var rig = await Rig.StartAsync();
        var id = await rig.FaultAsync("token-revoked", "root@pam!test");
        Assert.Equal(401, (await rig.GetAsync("/version")).Status);
        await rig.AdminAsync("DELETE", "/faults/" + id);
        Assert.Equal(200, (await rig.GetAsync("/version")).Status);
    }

    [Fact]
    public async Task Only_root_itself_may_skip_a_lock()
    {
        await using var rig = await Rig.StartAsync();
        var reply = await rig.PostAsync("/nodes/pve3/qemu/105/status/start", ("skiplock", "1"));
        Assert.Equal("Only root may use this option.", reply.Error("skiplock"));
    }

    [Fact]
    public async Task Tasks_of_a_token_carry_its_name()
    {
        await using var rig = await Rig.StartAsync();
        var upid = (await rig.PostAsync("/nodes/pve3/qemu/105/status/start")).Data.GetString()!;
        Assert.EndsWith(":root@pam!test:", upid, StringComparison.Ordinal);
        var status = (await rig.GetAsync($"/nodes/pve3/tasks/{upid}/status")).Data;
        Assert.Equal(("root@pam", "test"),
            (status.GetProperty("user").GetString(), status.GetProperty("tokenid").GetString()));
    }

    private static async Task<int> StatusAsync(Rig rig, string token)
    {
        var mine = rig.Authorization;
        rig.Authorization = token;
        var status = (await rig.GetAsync("/version")).Status;
        rig.Authorization = mine;
        return status;
    }

    private static async Task MakeTokenAsync(Rig rig, string id, bool separated,
        params (string Path, string Role, bool Propagate)[] acls)
    {
        var made = await rig.PostAsync("/access/users/root@pam/token/" + id, ("privsep", separated ? "1" : "0"));
        foreach (var (path, role, propagate) in acls)
        {
            var reply = await rig.PutAsync("/access/acl", ("path", path), ("roles", role),
                ("tokens", "root@pam!" + id), ("propagate", propagate ? "1" : "0"));
            Assert.Equal(200, reply.Status);
        }
        rig.Authorization = $"PVEAPIToken=root@pam!{id}={made.Data.GetProperty("value").GetString()}";
    }

    private static async Task<(string Ticket, string Csrf)> SignInAsync(Rig rig)
    {
        rig.Authorization = null;
        var reply = await rig.PostAsync("/access/ticket", ("username", "root"), ("realm", "pam"),
            ("password", Rig.Password));
        Assert.Equal(200, reply.Status);
        return (reply.Data.GetProperty("ticket").GetString()!,
            reply.Data.GetProperty("CSRFPreventionToken").GetString()!);
    }

    private static Task<Reply> WithTicketAsync(Rig rig, string ticket)
    {
        var request = rig.Request("GET", "/version");
        request.Headers.TryAddWithoutValidation("Cookie", "PVEAuthCookie=" + Uri.EscapeDataString(ticket));
        return rig.SendAsync(request);
    }

    private static async Task<(int, string)> BriefAsync(Rig rig, string ticket)
    {
        var reply = await WithTicketAsync(rig, ticket);
        return (reply.Status, reply.Reason);
    }

    private static Task<Reply> PostAsync(Rig rig, string ticket, string? csrf)
    {
        var request = rig.Request("POST", "/nodes/pve3/qemu/105/status/start");
        request.Headers.TryAddWithoutValidation("Cookie", "PVEAuthCookie=" + Uri.EscapeDataString(ticket));
        if (csrf is not null)
        {
            request.Headers.TryAddWithoutValidation("CSRFPreventionToken", csrf);
        }
        return rig.SendAsync(request);
    }
}

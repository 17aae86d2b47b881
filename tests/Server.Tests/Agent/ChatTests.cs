using System.Net;
using System.Text.Json;
using Jarvis.Server.Agent;
using Jarvis.Server.Tests.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Agent;

public sealed class ChatTests
{
    [Fact]
    public async Task A_question_is_answered_from_what_is_and_changes_nothing()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();

        var answer = await AskAsync(rig, "is vm 104 running?");

        Assert.Contains("running", answer.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("Yes, ", answer.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("get_guest_status", Tool(answer).GetProperty("name").GetString());
        Assert.Equal("built-in", answer.GetProperty("provider").GetString());
        Assert.Equal(before, await rig.WorldAsync());
    }

    [Fact]
    public async Task A_request_is_done_and_taken_back_when_that_is_asked_for()
    {
        await using var rig = await ToolRig.StartAsync();

        var answer = await AskAsync(rig, "please start vm 105");
        Assert.Equal("completed", Tool(answer).GetProperty("status").GetString());
        Assert.Contains(" running ", (await rig.WorldAsync())[105], StringComparison.Ordinal);
        Assert.Equal(["intent ALLOW_LOGGED", "outcome ALLOW_LOGGED"], await rig.AuditAsync(Tool(answer)));

        // The inverse of a start is above what a model may do alone.
        var back = await AskAsync(rig, "undo that", answer.GetProperty("sessionId").GetString());
        Assert.Equal("shutdown_vm", Tool(back).GetProperty("name").GetString());
        Assert.Equal("awaitingApproval", Tool(back).GetProperty("status").GetString());
        Assert.Contains(" running ", (await rig.WorldAsync())[105], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_dangerous_waits_for_a_person_and_runs_when_one_approves()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();

        var answer = await AskAsync(rig, "could you shut down vm 104?");

        var approval = Assert.Single(answer.GetProperty("approvals").EnumerateArray()).GetString();
        Assert.Contains("approval", answer.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, await rig.WorldAsync());
        var shown = await rig.Cluster.AskAsync($"/api/approvals/{approval}");
        var (status, decided) = await rig.DecideAsync(shown, new { decision = "approve", seen = shown.GetProperty("seen").GetString() });
        Assert.Equal(HttpStatusCode.OK, status);
        await rig.EndAsync(decided);
        Assert.Contains(" stopped ", (await rig.WorldAsync())[104], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("can I stop vm 104?")]
    [InlineData("what if I stopped vm 104?")]
    [InlineData("start vm 105?")]
    public async Task What_was_only_asked_is_offered_and_done_at_a_yes(string question)
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();

        var answer = await AskAsync(rig, question);

        Assert.Empty(answer.GetProperty("tools").EnumerateArray());
        Assert.Single(answer.GetProperty("proposals").EnumerateArray());
        Assert.Equal(before, await rig.WorldAsync());
        var done = await AskAsync(rig, "yes", answer.GetProperty("sessionId").GetString());
        Assert.Contains(Tool(done).GetProperty("status").GetString(), (string[])["completed", "awaitingApproval"]);
    }

    [Fact]
    public async Task A_conversation_goes_on_with_what_was_spoken_of_and_is_its_own_persons_alone()
    {
        await using var rig = await ToolRig.StartAsync();
        var first = await AskAsync(rig, "how is vm 104?");
        var session = first.GetProperty("sessionId").GetString();

        var second = await AskAsync(rig, "and its disks?", session);

        Assert.Equal("get_guest_config", Tool(second).GetProperty("name").GetString());
        Assert.Equal(Tool(first).GetProperty("args").GetProperty("guest").ToString(), Tool(second).GetProperty("args").GetProperty("guest").ToString());
        var lines = await rig.Cluster.AskAsync($"/api/chat/sessions/{session}");
        Assert.Equal(["user", "assistant", "user", "assistant"], lines.GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("role").GetString()));
        var other = await ViewerAsync(rig);
        Assert.Equal(HttpStatusCode.NotFound, (await rig.SendAsync(JsonSerializer.Serialize(new { message = "hello", sessionId = session }), other.Access, "/api/chat")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await rig.SendAsync("", other.Access, $"/api/chat/sessions/{session}", method: HttpMethod.Delete)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await rig.SendAsync("", path: $"/api/chat/sessions/{session}", method: HttpMethod.Delete)).Status);
        Assert.Empty((await rig.Cluster.AskAsync("/api/chat/sessions")).EnumerateArray());
    }

    [Fact]
    public async Task A_viewer_asks_and_starts_nothing()
    {
        await using var rig = await ToolRig.StartAsync();
        var viewer = await ViewerAsync(rig);
        var before = await rig.WorldAsync();

        var (_, answer) = await rig.SendAsync(JsonSerializer.Serialize(new { message = "start vm 105" }), viewer.Access, "/api/chat");

        Assert.Equal("DENY_ROLE", Tool(answer).GetProperty("verdict").GetString());
        Assert.Equal(before, await rig.WorldAsync());
    }

    [Theory]
    [InlineData("""{"message":""}""", "CHAT_MESSAGE")]
    [InlineData("""{"message":"hello","provider":"nobody"}""", "CHAT_PROVIDER")]
    public async Task Bad_input_says_what_is_legal(string body, string code)
    {
        await using var rig = await ToolRig.StartAsync();

        var (status, answer) = await rig.SendAsync(body, path: "/api/chat");

        Assert.Equal((HttpStatusCode.BadRequest, code), (status, answer.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task The_answer_comes_in_pieces_when_that_is_asked_for()
    {
        await using var rig = await ToolRig.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/chat") { Content = new StringContent("""{"message":"how is the cluster?"}""", System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", rig.Cluster.Signed.Access);
        request.Headers.Accept.ParseAdd("text/event-stream");

        using var answer = await rig.Running(rig.Cluster.Server.Http.SendAsync(request, ToolRig.Stop));

        var text = await answer.Content.ReadAsStringAsync(ToolRig.Stop);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        var kinds = text.Split('\n').Where(l => l.StartsWith("data: ", StringComparison.Ordinal)).Select(l => JsonElement.Parse(l[6..]).GetProperty("happened").GetProperty("$type").GetString()).ToList();
        Assert.Equal(["begun", "routed", "toolStarted", "toolFinished", "token", "finished"], kinds);
    }

    [Fact]
    public async Task The_oldest_conversation_of_many_goes_and_never_the_one_that_has_just_begun()
    {
        await using var rig = await ToolRig.StartAsync();
        var conversations = rig.Cluster.Server.Services.GetRequiredService<Conversations>();
        // All in one instant of the clock.
        for (var i = 0; i < Conversations.MostPerPerson + 5; i++)
        {
            var id = await conversations.BeginAsync("ann", $"question {i}", ToolRig.Stop);
            Assert.Equal("ann", await conversations.PersonOfAsync(id, ToolRig.Stop));
        }

        Assert.Equal(Conversations.MostPerPerson, (await conversations.OfAsync("ann", null, ToolRig.Stop)).Count);
    }

    private static async Task<Signed> ViewerAsync(ToolRig rig)
    {
        await rig.Cluster.Server.AddAccountAsync("viewer", Jarvis.Server.Auth.Role.Viewer, "some password");
        return await rig.Cluster.Server.SignInAsync("viewer", "some password");
    }

    private static async Task<JsonElement> AskAsync(ToolRig rig, string message, string? sessionId = null)
    {
        var (status, answer) = await rig.SendAsync(JsonSerializer.Serialize(sessionId is null ? (object)new { message } : new { message, sessionId }), path: "/api/chat");
        Assert.True(status is HttpStatusCode.OK, $"{status} {answer}");
        return answer;
    }

    private static JsonElement Tool(JsonElement answer) => Assert.Single(answer.GetProperty("tools").EnumerateArray());
}

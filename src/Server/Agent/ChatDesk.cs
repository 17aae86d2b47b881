using System.Security.Claims;
using Jarvis.Safety;

namespace Jarvis.Server.Agent;

/// <summary>Why a message was not taken.</summary>
internal sealed record ChatRefusal(int Status, string Code, string Message);

/// <summary>Takes messages, whichever way they come.</summary>
internal sealed class ChatDesk(Chats chats, ChatRuns runs, Speakers speakers, ChatPeople people)
{
    /// <summary>An answer of this person's.</summary>
    public ChatRun? Find(string runId, ClaimsPrincipal? user) => people.Of(user) is { } person ? runs.Find(runId, person.User) : null;

    /// <summary>Whose conversations somebody sees; null for what is no person.</summary>
    public string? PersonOf(ClaimsPrincipal? user) => people.Of(user)?.User;

    public async Task<(ChatRun? Run, ChatRefusal? Refused)> AskAsync(ClaimsPrincipal? user, ChatRequest request, CancellationToken cancellationToken)
    {
        if (people.Of(user) is not { } caller) return (null, new(403, "CHAT_PERSON", "Only a signed-in person can chat."));
        var message = request.Message?.Trim() ?? "";
        if (message.Length is 0 or > ChatApi.LongestMessage) return (null, new(400, "CHAT_MESSAGE", $"A message has 1 to {ChatApi.LongestMessage:N0} characters."));
        if (request.From is < 1 || request.From is not null && request.SessionId is null) return (null, new(400, "CHAT_FROM", "from is the number of a line of the conversation."));
        string? provider = null;
        if (request.Provider is { } wanted && (provider = speakers.Names.FirstOrDefault(n => n.Equals(wanted, StringComparison.OrdinalIgnoreCase))) is null)
        {
            return (null, new(400, "CHAT_PROVIDER", $"There is no provider {PlainText.Shown(wanted, 60)}; there is: {string.Join(", ", speakers.Names)}."));
        }

        try
        {
            var run = await chats.AskAsync(new(caller, "chat", message, request.SessionId, provider, request.From), cancellationToken);
            return run is null ? (null, new(404, "CHAT_UNKNOWN", "There is no such conversation of yours.")) : (run, null);
        }
        catch (ChatBusyException busy)
        {
            return (null, new(409, "CHAT_BUSY", busy.Message));
        }
    }
}

using System.Security.Claims;
using Jarvis.Safety;

namespace Jarvis.Server.Agent;

/// <summary>Who chats, as the gate knows people.</summary>
/// <param name="Of">A model that speaks for whoever is signed in; null for what is no person.</param>
/// <param name="NowAsync">The same for an account by its name, with the role that it has now; null when it is gone.</param>
internal sealed record ChatPeople(Func<ClaimsPrincipal?, Caller.Model?> Of, Func<string, CancellationToken, ValueTask<Caller.Model?>> NowAsync);

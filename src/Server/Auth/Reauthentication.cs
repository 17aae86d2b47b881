using Microsoft.AspNetCore.Http.HttpResults;

namespace Jarvis.Server.Auth;

/// <summary>Asks for the password again, before what must not be done by whoever found the screen open.</summary>
public sealed class Reauthentication(SignIn signIn, Devices devices, Cookies cookies)
{
    /// <summary>Why it may not go on, or null. Never 401: the session is good, and a screen must not end it.</summary>
    internal async Task<ProblemHttpResult?> RefusalAsync(HttpContext context, CurrentUser user, string password, CancellationToken cancellationToken)
    {
        var visitor = AuthApi.VisitorOf(context) with { Device = devices.Read(context.Request.Cookies[cookies.Device], user.Name) };
        return await signIn.ConfirmAsync(user, password, visitor, cancellationToken) switch
        {
            null => null,
            SignInResult.Refused => AuthApi.Refuse(403, "PASSWORD_WRONG", "Wrong password", "This is not the current password."),
            SignInResult.CodeNeeded => AuthApi.Refuse(403, "EMERGENCY_CODE", "The password cannot be checked",
                "The database cannot be used. The server printed a one-time code on its console: give it in the place of the password."),
            var other => AuthApi.Refuse(context, other, "PASSWORD_WRONG", "Wrong password", "This is not the current password."),
        };
    }
}

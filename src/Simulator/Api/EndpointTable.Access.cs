namespace Jarvis.Simulator.Api;

internal static partial class EndpointTable
{
    private static IEnumerable<Endpoint> Access() =>
    [
        Post("/access/ticket", "world",
            "password username new-format?:boolean otp? path? privs? realm? tfa-challenge?",
            AccessApi.Login) with { Tokens = false },
        Get("/access/permissions", "all", "path? userid?", AccessApi.Permissions),
        Get("/access/users", "all", "enabled?:boolean full?:boolean", UsersApi.List),
        Get("/access/users/{userid}/token", "self or /access/groups User.Modify", "", TokensApi.List),
        Post("/access/users/{userid}/token/{tokenid}", "self or /access/groups User.Modify",
            "comment? expire?:integer(0..) privsep?:boolean",
            TokensApi.Add),
        Get("/access/domains", "world", "", AccessApi.Domains),
        Get("/access/roles", "all", "", AccessApi.Roles),
        Get("/access/acl", "all", "", AccessApi.ListAcl),
        Get("/access/ticket", "world", "", AccessApi.Probe),
        Post("/access/vncticket", "world", "authid path privs vncticket port?:integer", AccessApi.CheckConsole),
        Post("/access/users", "/access/realm/pam Realm.AllocateUser and /access/groups User.Modify",
            "userid comment? email? enable?:boolean expire?:integer(0..) firstname? groups? keys? lastname? "
            + "password?",
            UsersApi.Add),
        Get("/access/users/{userid}", "/access/groups User.Modify|Sys.Audit", "", UsersApi.Read),
        Put("/access/users/{userid}", "/access/groups User.Modify",
            "append?:boolean comment? email? enable?:boolean expire?:integer(0..) firstname? groups? keys? "
            + "lastname?",
            UsersApi.Update),
        Delete("/access/users/{userid}", "/access/realm/pam Realm.AllocateUser and /access/groups User.Modify",
            "",
            UsersApi.Remove),
        Get("/access/users/{userid}/token/{tokenid}", "self or /access/groups User.Modify", "", TokensApi.Read),
        Put("/access/users/{userid}/token/{tokenid}", "self or /access/groups User.Modify",
            "comment? delete? expire?:integer(0..) privsep?:boolean regenerate?:boolean",
            TokensApi.Update),
        Delete("/access/users/{userid}/token/{tokenid}", "self or /access/groups User.Modify",
            "",
            TokensApi.Remove),
        Put("/access/password", "self or /access/realm/pam Realm.AllocateUser and /access/groups User.Modify",
            "password userid confirmation-password?",
            AccessApi.ChangePassword) with { Tokens = false },
        Get("/access/groups", "all", "", UsersApi.Groups),
        Post("/access/groups", "/access/groups Group.Allocate", "groupid comment?", UsersApi.AddGroup),
        Get("/access/groups/{groupid}", "/access/groups Sys.Audit|Group.Allocate", "", UsersApi.ReadGroup),
        Post("/access/roles", "/access Sys.Modify", "roleid privs?", AccessApi.AddRole),
        Get("/access/roles/{roleid}", "all", "", AccessApi.ReadRole),
        Put("/access/acl", "all",
            "path roles delete?:boolean groups? propagate?:boolean tokens? users?",
            AccessApi.UpdateAcl),
    ];
}

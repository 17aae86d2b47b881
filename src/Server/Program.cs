using Jarvis.Server.Auth;
using Jarvis.Server.Persistence;

var builder = WebApplication.CreateBuilder(args);
builder.AddPersistence();
builder.AddAuth();

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapAuth();
await app.RunAsync();

using System.CommandLine;
using Ferry.Cli.Output;
using Ferry.Cli.Remote;

namespace Ferry.Cli.Commands;

/// <summary><c>ferry watch ID</c>: one conversion, until it ends.</summary>
internal static class WatchCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var id = new Argument<string>("ID");
        var command = new Command("watch", "Shows one conversion until it ends; exits with its outcome.") { id };
        var server = new ServerOptions();
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed);
            var view = await Displays.RunAsync(json: false, TimeProvider.System, async display =>
            {
                using var timer = new PeriodicTimer(Interval);
                while (true)
                {
                    var now = await client.GetAsync(parsed.GetRequiredValue(id), cancellationToken);
                    display.Show(now);
                    if (now.Ended)
                    {
                        return now;
                    }

                    await timer.WaitForNextTickAsync(cancellationToken);
                }
            });
            if (view.Failure is { } failure)
            {
                Errors.Print(failure);
            }

            return view.State switch
            {
                "Completed" => ExitCode.Done,
                "Cancelled" => ExitCode.Cancelled,
                _ => ExitCode.StepFailed,
            };
        });
        return command;
    }
}

using System.Diagnostics.CodeAnalysis;

namespace Ferry.Fixup.Appliance;

/// <summary>The worker's side of the conversation: reads a request, makes the libguestfs call, answers. Ends when the parent closes the pipe.</summary>
internal sealed class WorkerLoop(Stream input, Stream output)
{
    [SuppressMessage("Design", "CA1031", Justification = "Every failure of an operation is answered to the parent, which decides.")]
    public async Task RunAsync()
    {
        using var guestfs = new Guestfs();
        var operations = new WorkerOperations(guestfs);
        await new WorkerFrame { Operation = "hello" }.WriteAsync(output, CancellationToken.None);
        while (await WorkerFrame.ReadAsync(input, CancellationToken.None) is { } request)
        {
            WorkerFrame answer;
            try
            {
                answer = operations.Run(request);
            }
            catch (GuestfsException e)
            {
                answer = new WorkerFrame { Error = e.Message, Errno = e.Errno };
            }
            catch (Exception e)
            {
                answer = new WorkerFrame { Error = $"{request.Operation}: {e.GetType().Name}: {e.Message}" };
            }

            await answer.WriteAsync(output, CancellationToken.None);
        }
    }
}

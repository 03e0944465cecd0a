"""What went wrong at a seat of a cluster: its node was lost, or something else, which people are then told."""

from __future__ import annotations

from aecore.jobs.worker import sentence_of


def is_loss(problem: BaseException) -> bool:
    """Whether the seat or its node was lost, so that the job may go on elsewhere."""
    import ray.exceptions as kinds

    lost = (
        kinds.RayActorError, kinds.NodeDiedError, kinds.WorkerCrashedError, kinds.LocalRayletDiedError,
        kinds.ObjectLostError, kinds.RpcError, kinds.GetTimeoutError, kinds.ActorUnschedulableError,
    )  # fmt: skip
    return isinstance(problem, lost) and not isinstance(problem, kinds.RayTaskError | kinds.OutOfMemoryError)


def told(problem: Exception, node: str, *job: object) -> tuple[str, str]:
    """What people are told, and the state of a run, where it was no loss. node: the title of the node."""
    import ray.exceptions as kinds

    name = node[:1].upper() + node[1:]
    if isinstance(problem, kinds.OutOfMemoryError):
        return f"{name} ran out of memory; make the layers or the batch smaller.", "failed"
    if isinstance(problem, kinds.ObjectStoreFullError | kinds.OutOfDiskError):
        sentence = (
            "The object store of the cluster, through which data reach the nodes, is full. Give Ray more memory for it "
            "(--object-store-memory), or try again when less is under way."
        )
        return sentence, "interrupted"
    if isinstance(problem, kinds.RayTaskError):
        cause = problem.cause if isinstance(problem.cause, Exception) else problem
        return f"On {node}: {sentence_of(cause, *job)}", "interrupted"
    if isinstance(problem, kinds.RayError):
        return f"The cluster refused: {short(problem)}", "interrupted"
    if isinstance(problem, ConnectionError):
        return "The connection to the cluster broke off. Try again.", "interrupted"
    return sentence_of(problem, *job), "interrupted"


def short(error: Exception) -> str:
    """The last line of what an error says."""
    return (str(error).strip().splitlines() or ["no reason given"])[-1][:200]

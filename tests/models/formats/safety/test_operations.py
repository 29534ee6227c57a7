"""Which operations a graph may have, in its nodes and in its functions."""

from __future__ import annotations

import pytest

from models.formats.safety.operations import ALLOWED, OperationError, check, of_topology


def assert_allowed(kinds: list[str]) -> None:
    """It says in words why not."""
    check(kinds)


def words(text: str) -> list[str]:
    return text.split()


REACH_OUT = words("""
    WriteFile ReadFile MatchingFiles SaveV2 RestoreV2 Save SaveSlices Restore RestoreSlice
    MergeV2Checkpoints ShardedFilename LoadAndRemapMatrix GenerateVocabRemapping
    InitializeTableFromTextFile InitializeTableFromTextFileV2 ImmutableConst WholeFileReader
    WholeFileReaderV2 TFRecordReaderV2 TextLineReaderV2 LMDBReader FixedLengthRecordReaderV2
    TextLineDataset TFRecordDataset TFRecordDatasetV2 CSVDataset SqlDataset SaveDataset
    SaveDatasetV2 LoadDataset SnapshotDataset FileSystemSetConfiguration DecodeProtoV2
    EncodeProto PyFunc PyFuncStateless EagerPyFunc GeneratorDataset PrintV2 Print Abort
    DebugIdentity DebugIdentityV2 DebugIdentityV3 DebugNumericSummaryV2 DumpTensor
    CreateSummaryFileWriter CreateSummaryDbWriter WriteSummary RpcServer RpcClient RpcCall
    RemoteCall _Send _Recv Send Recv CollectiveReduceV2 CollectiveGather
    FixedUnigramCandidateSampler Skipgram RecordInput XlaCallModule XlaLaunch XlaCustomCall
    XlaCustomCallV2 TPUCompile SleepOp DataServiceDatasetV2 RegisterDataset OneShotIterator
    IteratorV2 Batch BatchFunction MutexV2 Stage QueueEnqueueV2 FIFOQueueV2 Barrier VariableV2
    _HostSend CalibrationStatisticsSaver AudioMicrofrontend
""")


@pytest.mark.parametrize("kind", REACH_OUT)
def test_an_operation_that_reaches_beyond_its_tensors_is_named_and_refused(kind: str) -> None:
    from tensorflow.python.framework import op_def_registry

    if op_def_registry.get(kind) is None:
        assert kind in ("Send", "Recv"), f"TensorFlow has no {kind}: is it spelt so?"
        return
    with pytest.raises(OperationError, match=f"has the operation '{kind}'"):
        check(["Conv2D", kind])


def test_what_computes_is_allowed() -> None:
    assert_allowed(
        ["Conv2D", "_FusedConv2D", "FusedDepthwiseConv2dNative", "Prelu", "StatelessWhile"]
    )
    assert_allowed(
        ["MatrixInverse", "Eig", "Svd"]
    )  # TensorFlow.js lacks them: a lane that cannot run


def test_what_keras_writes_for_another_processor_is_allowed() -> None:
    # A SavedModel with an LSTM or a GRU has what it would be on NVIDIA's, too.
    assert_allowed(["CudnnRNNV3", "CudnnRNNBackpropV3"])


def test_an_operation_that_tensorflow_does_not_have_is_no_danger() -> None:
    assert_allowed(["UnheardOf"])


def test_every_operation_on_the_list_is_tensorflows_or_tensorflow_js_own() -> None:
    from tensorflow.python.framework import op_def_registry

    alien = {kind for kind in ALLOWED if op_def_registry.get(kind) is None}
    assert alien == {"FusedDepthwiseConv2dNative", "Prelu"}


# Settings by which an operation can be told to reach a file, a process or another machine.
TELLING = set(
    words(
        "file files filename filenames filepattern path pathname prefix address url token library "
        "command region"
    )
)


def test_no_operation_on_the_list_is_told_a_file_or_an_address() -> None:
    from tensorflow.python.framework import op_def_registry

    for kind in ALLOWED:
        if definition := op_def_registry.get(kind):
            names = [each.name for each in (*definition.attr, *definition.input_arg)]
            told = [name for name in names if TELLING & set(name.lower().split("_"))]
            assert not told, (kind, told)


def test_operations_of_functions_count_in_either_spelling() -> None:
    body = [{"op": "WriteFile"}]
    for key in ("nodeDef", "node_def"):
        topology = {"node": [{"op": "If"}], "library": {"function": [{key: body}]}}
        assert list(of_topology(topology)) == ["If", "WriteFile"]


@pytest.mark.parametrize(
    "topology",
    [
        7,
        {"node": 7},
        {"node": [7]},
        {"node": [{}]},
        {"node": [{"op": ["WriteFile"]}]},
        {"library": 7},
        {"library": {"function": 7}},
        {"library": {"function": [7]}},
        {"library": {"function": [{"nodeDef": {"op": "WriteFile"}}]}},
    ],
)
def test_what_is_no_graph_is_refused_with_a_sentence(topology) -> None:
    with pytest.raises(ValueError, match=r"^has "):
        list(of_topology(topology))


def test_too_many_operations_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 20,000 operations"):
        list(of_topology({"node": [{"op": "Relu"}] * 20_001}))

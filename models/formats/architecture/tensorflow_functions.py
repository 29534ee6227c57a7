"""The functions of TensorFlow that a functional model may name: they only compute with tensors.

``tf.nn.relu(x) + 1.0`` in a functional model of Keras 2 becomes layers of the classes below. Each
names a function of TensorFlow, any public one, and loading the model calls it: ``io.write_file``
and ``py_function`` too. So these are permitted by their exact names, and all others are not. None
here reads or writes a file, a variable or the network, calls Python, or draws random numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.storage.plain_files import shown

CLASSES = frozenset({"TFOpLambda", "SlicingOpLambda"})
_CONSTANT = "_CONSTANT_VALUE"  # in place of a layer's name, before a number

# Names as tf_keras stores them: ``tf.reduce_mean`` is ``math.reduce_mean``.
_BY_PREFIX = {
    "__operators__": "add eq getitem ne",
    "": "argsort boolean_mask broadcast_to cast clip_by_norm clip_by_value concat einsum "
    "expand_dims eye fill gather gather_nd identity linspace norm one_hot ones ones_like pad range "
    "rank realdiv repeat reshape reverse reverse_sequence roll searchsorted sequence_mask shape "
    "size slice sort split squeeze stack stop_gradient strided_slice tensordot tile transpose "
    "truncatediv truncatemod unstack where zeros zeros_like",
    "bitwise": "bitwise_and bitwise_or bitwise_xor invert left_shift right_shift",
    "compat.v1": "batch_gather boolean_mask div expand_dims floor_div gather gather_nd norm "
    "ones_like pad reverse_sequence shape size squeeze to_double to_float to_int32 to_int64 "
    "transpose where zeros_like",
    "compat.v1.image": "crop_and_resize extract_image_patches resize_area resize_bicubic "
    "resize_bilinear resize_image_with_pad resize_images resize_nearest_neighbor",
    "compat.v1.math": "argmax argmin count_nonzero reduce_all reduce_any reduce_logsumexp "
    "reduce_max reduce_mean reduce_min reduce_prod reduce_sum scalar_mul",
    "compat.v1.nn": "avg_pool conv1d conv2d conv2d_transpose conv3d conv3d_transpose convolution "
    "crelu depth_to_space depthwise_conv2d depthwise_conv2d_native dilation2d erosion2d "
    "fused_batch_norm log_softmax max_pool moments pool relu_layer separable_conv2d softmax "
    "space_to_batch space_to_depth weighted_moments xw_plus_b",
    "image": "adjust_brightness adjust_contrast adjust_gamma adjust_hue adjust_saturation "
    "central_crop convert_image_dtype crop_and_resize crop_to_bounding_box extract_patches "
    "flip_left_right flip_up_down grayscale_to_rgb hsv_to_rgb image_gradients pad_to_bounding_box "
    "per_image_standardization resize resize_with_crop_or_pad resize_with_pad rgb_to_grayscale "
    "rgb_to_hsv rgb_to_yiq rgb_to_yuv rot90 sobel_edges total_variation transpose yiq_to_rgb "
    "yuv_to_rgb",
    "keras.activations": "elu exponential gelu hard_sigmoid linear mish relu selu sigmoid softmax "
    "softplus softsign swish tanh",
    "keras.backend": "abs all any arange argmax argmin batch_dot batch_flatten batch_normalization "
    "bias_add cast cast_to_floatx clip concatenate conv1d conv2d conv2d_transpose conv3d cos "
    "cumprod cumsum depthwise_conv2d dot elu equal exp expand_dims eye flatten gather greater "
    "greater_equal hard_sigmoid l2_normalize less less_equal local_conv1d local_conv2d log max "
    "maximum mean min minimum not_equal one_hot ones_like permute_dimensions pool2d pool3d pow "
    "prod relu repeat repeat_elements reshape resize_images resize_volumes reverse round "
    "separable_conv2d shape sigmoid sign sin softmax softplus softsign spatial_2d_padding "
    "spatial_3d_padding sqrt square squeeze stack std stop_gradient sum tanh temporal_padding tile "
    "transpose var zeros_like",
    "linalg": "adjoint band_part cross det diag diag_part inv matmul matrix_transpose matvec "
    "normalize set_diag tensor_diag tensor_diag_part trace",
    "math": "abs acos acosh add add_n angle argmax argmin asin asinh atan atan2 atanh ceil conj "
    "cos cosh count_nonzero cumprod cumsum cumulative_logsumexp divide divide_no_nan equal erf "
    "erfc erfinv exp expm1 floor floordiv floormod greater greater_equal imag is_finite is_inf "
    "is_nan l2_normalize less less_equal lgamma log log1p log_sigmoid logical_and logical_not "
    "logical_or logical_xor maximum minimum multiply multiply_no_nan negative not_equal pow real "
    "reciprocal reciprocal_no_nan reduce_all reduce_any reduce_euclidean_norm reduce_logsumexp "
    "reduce_max reduce_mean reduce_min reduce_prod reduce_std reduce_sum reduce_variance rint "
    "round rsqrt scalar_mul segment_max segment_mean segment_min segment_prod segment_sum sigmoid "
    "sign sin sinh softplus sqrt square squared_difference subtract tan tanh top_k truediv "
    "unsorted_segment_max unsorted_segment_mean unsorted_segment_min unsorted_segment_prod "
    "unsorted_segment_sum xdivy xlog1py xlogy zero_fraction",
    "nn": "atrous_conv2d atrous_conv2d_transpose avg_pool avg_pool1d avg_pool2d avg_pool3d "
    "batch_norm_with_global_normalization batch_normalization bias_add conv1d conv1d_transpose "
    "conv2d conv2d_transpose conv3d conv3d_transpose conv_transpose convolution crelu "
    "depth_to_space depthwise_conv2d dilation2d elu erosion2d gelu l2_loss leaky_relu "
    "local_response_normalization log_softmax max_pool max_pool1d max_pool2d max_pool3d moments "
    "normalize_moments pool relu relu6 selu separable_conv2d silu softmax softsign space_to_depth "
    "sufficient_statistics weighted_moments with_space_to_batch",
    "signal": "dct fft fft2d fft3d fftshift frame idct ifft ifft2d ifft3d ifftshift irfft irfft2d "
    "irfft3d overlap_and_add rfft rfft2d rfft3d",
}
PERMITTED = frozenset(
    f"{prefix}.{name}" if prefix else name
    for prefix, names in _BY_PREFIX.items()
    for name in names.split()
)


def check(layer: Mapping[str, Any]) -> None:
    """Raise FunctionError unless a layer of ``CLASSES``, as Keras stores it, only computes;
    ValueError, in words, where it would do so at once.
    """
    config = layer.get("config")
    function = config.get("function") if isinstance(config, dict) else None
    if not isinstance(function, str):
        raise FunctionError("no function that has a name")
    if function not in PERMITTED:
        raise FunctionError(shown(f"tf.{function}"))
    nodes = layer.get("inbound_nodes")
    if not all(_takes_a_layer(node) for node in (nodes if isinstance(nodes, list) else ())):
        raise ValueError(
            f"calls {shown(f'tf.{function}')} on numbers alone, not on what a layer gives: that "
            "would run while the model is loaded, and is not run here. Keras saves no such call"
        )


def _takes_a_layer(node: Any) -> bool:
    """Whether a call takes what a layer gives, ``["conv", 0, 0, …]``. Without, TensorFlow would
    compute it while the model is loaded: a few bytes can ask for a tensor of any size.
    """
    waiting = [node]
    while waiting:
        match waiting.pop():
            case [str(name), int(), int(), *_] if name != _CONSTANT:
                return True
            case list() as inner:
                waiting += inner
            case dict() as inner:
                waiting += inner.values()
    return False


class FunctionError(ValueError):
    """A description calls a function that is not permitted."""

    def __init__(self, called: str) -> None:
        super().__init__(
            f"calls {called} of TensorFlow, which is not among the functions that only compute "
            "with tensors, so it is not run. Build that step from Keras's own layers (Rescaling, "
            "Reshape, Add, Multiply, …), load the weights into that model and save it."
        )

import pickle

from kjfp_helpers.core.errors import NOT_FOUND, OutputError


def test_an_error_says_where_what_was_expected_what_came_and_what_to_do():
    error = OutputError("名单", expected="可以产生", found="尚无评分", advice="先评分")
    assert str(error) == "名单：应为可以产生，实为尚无评分。请先评分。"


def test_what_was_expected_is_left_out_where_the_rest_says_it_all():
    error = OutputError("shortlist.xlsx", found="正被占用", advice="关闭此文件")
    assert str(error) == "shortlist.xlsx：正被占用。请关闭此文件。"


def test_a_file_that_is_missing_is_said_first():
    assert (
        str(OutputError("a.csv", found=NOT_FOUND, advice="核对路径"))
        == "找不到 a.csv，请核对路径。"
    )
    assert (
        str(OutputError("台账", found=NOT_FOUND, advice="核对路径")) == "找不到台账，请核对路径。"
    )


def test_an_error_keeps_its_parts_between_processes():
    error = pickle.loads(pickle.dumps(OutputError("a", found="b", advice="c")))
    assert (error.where, error.expected, error.found, error.advice) == ("a", "", "b", "c")

"""The words of comments that hold a place for code which isn't written."""

import re

HELD_PLACE = re.compile(
    r"your (?:code|logic|implementation)\b.{0,20}\bhere|(?:code|logic|implementation) (?:goes|comes) here|"
    r"add (?:your|the) (?:code|logic|implementation)|\bimplement (?:this|me|the rest|your|here)\b|"
    r"(?:\.\.\.|…)\s{0,3}(?:rest|remaining|other|same|unchanged|existing|more)|"
    r"^\W{0,12}(?:(?:the )?(?:rest|remainder) of (?:the|your|this) (?:\w+ )?"
    r"(?:code|file|function|method|class|implementation|logic)(?: \w+){0,5}|(?:\w+ )?existing (?:code|implementation)|"
    r"placeholder(?: \w+){0,4}|not (?:yet )?implemented(?: yet)?)\W{0,12}$",
    re.IGNORECASE | re.MULTILINE,
)
